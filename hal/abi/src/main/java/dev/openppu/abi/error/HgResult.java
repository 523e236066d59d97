package dev.openppu.abi.error;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Results of the PPU driver interface, all that are published; their names carry the prefix {@code HGGC_ERROR_}.
 *
 * <p>Source: Zhenwu 810E, HGresult (facts §9.3).
 */
public enum HgResult {
    SUCCESS(0, "the call succeeded; of a query: what was asked about is complete"),
    INVALID_VALUE(1, "an argument is outside its range, or does not fit the others"),
    OUT_OF_MEMORY(2, "there is not enough memory, of the device or of the host"),
    NOT_INITIALIZED(3, "the driver has not been initialised"),
    DEINITIALIZED(4, "the driver, or the device, is being closed or is closed already"),
    PROFILER_DISABLED(5, "profiling is switched off for this run"),
    PROFILER_NOT_INITIALIZED(6, "the profiler was not initialised"),
    PROFILER_ALREADY_STARTED(7, "the profiler runs already"),
    PROFILER_ALREADY_STOPPED(8, "the profiler does not run"),
    STUB_LIBRARY(34, "the library found is a stub without a driver behind it"),
    CALL_REQUIRES_NEWER_DRIVER(36, "the call needs a newer driver than this one"),
    DEVICE_UNAVAILABLE(46, "the device cannot be used now: lost, in another's exclusive use, or being reset"),
    NO_DEVICE(100, "there is no device"),
    INVALID_DEVICE(101, "there is no such device, or the call is not possible on it"),
    DEVICE_NOT_LICENSED(102, "the device has no licence for this use"),
    INVALID_IMAGE(200, "a firmware, kernel or module image is damaged or not an image"),
    INVALID_CONTEXT(201, "no context is current, or the context cannot be used for this call"),
    CONTEXT_ALREADY_CURRENT(202, "the context is current to the thread already"),
    MAP_FAILED(205, "memory or a resource could not be mapped"),
    UNMAP_FAILED(206, "memory or a resource could not be unmapped"),
    ARRAY_IS_MAPPED(207, "the array is mapped and cannot be destroyed"),
    ALREADY_MAPPED(208, "the resource is mapped already"),
    NO_BINARY_FOR_GPU(209, "the module holds no code for this device"),
    ALREADY_ACQUIRED(210, "the resource was acquired already"),
    NOT_MAPPED(211, "the resource is not mapped"),
    NOT_MAPPED_AS_ARRAY(212, "the resource is not mapped for access as an array"),
    NOT_MAPPED_AS_POINTER(213, "the resource is not mapped for access by pointer"),
    ECC_UNCORRECTABLE(214, "an uncorrectable memory error was met; the context is lost"),
    UNSUPPORTED_LIMIT(215, "the device has no such limit"),
    CONTEXT_ALREADY_IN_USE(216, "the context is bound to another thread and cannot be bound to this one"),
    PEER_ACCESS_UNSUPPORTED(217, "no link joins the two devices"),
    INVALID_ASM(218, "the assembler text does not assemble"),
    INVALID_GRAPHICS_CONTEXT(219, "the graphics context cannot be used"),
    ICNLINK_UNCORRECTABLE(220, "an uncorrectable error was met on an ICN link; the context is lost"),
    JIT_COMPILER_NOT_FOUND(221, "the just-in-time compiler is not there"),
    UNSUPPORTED_ASM_VERSION(222, "the assembler text is of a version that this driver does not know"),
    JIT_COMPILATION_DISABLED(223, "just-in-time compilation is switched off"),
    UNSUPPORTED_EXEC_AFFINITY(224, "the device cannot restrict a context to these units"),
    UNSUPPORTED_DEVSIDE_SYNC(225, "kernels of this code cannot wait for kernels on the device"),
    CONTAINED(226, "an error was contained: the work is lost, the device goes on"),
    INVALID_SOURCE(300, "the source of a kernel is invalid"),
    FILE_NOT_FOUND(301, "a file was not found"),
    SHARED_OBJECT_SYMBOL_NOT_FOUND(302, "a symbol of a shared library was not found"),
    SHARED_OBJECT_INIT_FAILED(303, "a shared library could not be initialised"),
    OPERATING_SYSTEM(304, "a call to the operating system failed"),
    INVALID_HANDLE(400, "the object is closed, is none of the kind, or belongs to another context"),
    ILLEGAL_STATE(401, "the object is not in a state for this call"),
    LOSSY_QUERY(402, "the answer would leave something out"),
    NOT_FOUND(500, "a named symbol, kernel or object was not found"),
    NOT_READY(600, "what was asked about is not complete yet; no failure"),
    ILLEGAL_ADDRESS(700, "work used an address that is not mapped or lacks the right; the context is lost"),
    LAUNCH_OUT_OF_RESOURCES(701, "a launch needs more registers, memory, queues or threads than there are"),
    LAUNCH_TIMEOUT(702, "a kernel ran longer than the watchdog allows; the context is lost"),
    LAUNCH_INCOMPATIBLE_TEXTURING(703, "the kernel's texturing mode does not fit"),
    PEER_ACCESS_ALREADY_ENABLED(704, "access to this peer is enabled already"),
    PEER_ACCESS_NOT_ENABLED(705, "access to this peer was not enabled"),
    PRIMARY_CONTEXT_ACTIVE(708, "the primary context exists already"),
    CONTEXT_IS_DESTROYED(709, "the context was destroyed, or is a primary context that does not exist now"),
    ASSERT(710, "an assertion in a kernel failed; the context is lost"),
    TOO_MANY_PEERS(711, "no more peers can be enabled"),
    HOST_MEMORY_ALREADY_REGISTERED(712, "the host memory, or a part of it, is registered already"),
    HOST_MEMORY_NOT_REGISTERED(713, "the host memory is not registered"),
    HARDWARE_STACK_ERROR(714, "a kernel's call stack is damaged or overflowed; the context is lost"),
    ILLEGAL_INSTRUCTION(715, "a kernel met an instruction that is none; the context is lost"),
    MISALIGNED_ADDRESS(716, "a kernel accessed an address that is not aligned; the context is lost"),
    INVALID_ADDRESS_SPACE(717, "an instruction was given an address of a space that it cannot access; the context is lost"),
    INVALID_PC(718, "a kernel's program counter left its code; the context is lost"),
    LAUNCH_FAILED(719, "work failed for another reason; the context is lost"),
    COOPERATIVE_LAUNCH_TOO_LARGE(720, "a cooperative launch has more blocks than fit at once"),
    TENSOR_MEMORY_LEAK(721, "a kernel ended without giving its tensor memory back"),
    NOT_PERMITTED(800, "the call is not permitted here"),
    NOT_SUPPORTED(801, "the device or this driver does not support it"),
    SYSTEM_NOT_READY(802, "the system is not ready yet"),
    SYSTEM_DRIVER_MISMATCH(803, "parts of the driver are of versions that do not fit"),
    COMPAT_NOT_SUPPORTED_ON_DEVICE(804, "the device does not support running with a newer library"),
    MPS_CONNECTION_FAILED(805, "the connection to the MPS server failed"),
    MPS_RPC_FAILURE(806, "a call to the MPS server failed"),
    MPS_SERVER_NOT_READY(807, "the MPS server is not ready"),
    MPS_MAX_CLIENTS_REACHED(808, "the MPS server takes no more clients"),
    MPS_MAX_CONNECTIONS_REACHED(809, "the MPS server takes no more connections"),
    MPS_CLIENT_TERMINATED(810, "the MPS server has ended this client"),
    CDP_NOT_SUPPORTED(811, "kernels cannot launch kernels here"),
    CDP_VERSION_MISMATCH(812, "kernels that launch kernels are of versions that do not fit"),
    STREAM_CAPTURE_UNSUPPORTED(900, "the operation is not allowed while the stream is captured"),
    STREAM_CAPTURE_INVALIDATED(901, "the capture was invalidated by an earlier error"),
    STREAM_CAPTURE_MERGE(902, "two captures would become one"),
    STREAM_CAPTURE_UNMATCHED(903, "the stream takes no part in the capture"),
    STREAM_CAPTURE_UNJOINED(904, "captured work was not joined to the stream where the capture began"),
    STREAM_CAPTURE_ISOLATION(905, "captured work would depend on work outside the capture"),
    STREAM_CAPTURE_IMPLICIT(906, "captured work would depend on the legacy default stream"),
    CAPTURED_EVENT(907, "the event was last recorded in a capture"),
    STREAM_CAPTURE_WRONG_THREAD(908, "the capture was begun by another thread"),
    TIMEOUT(909, "the time given was not enough"),
    GRAPH_EXEC_UPDATE_FAILURE(910, "the executable graph cannot be changed in this way"),
    EXTERNAL_DEVICE(911, "a device outside this driver's care failed"),
    INVALID_CLUSTER_SIZE(912, "the cluster of a launch has a size that is not possible"),
    FUNCTION_NOT_LOADED(913, "the function has not been loaded"),
    INVALID_RESOURCE_TYPE(914, "a resource is of a kind that does not fit"),
    INVALID_RESOURCE_CONFIGURATION(915, "resources were asked for in a combination that is not possible"),
    KEY_ROTATION(916, "a key is being replaced"),
    NOT_IMPLEMENTED(998, "this is not implemented"),
    UNKNOWN(999, "something went wrong for which there is no number; creating a context on a prohibited device, too");

    private static final Map<Integer, HgResult> BY_NUMBER = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(HgResult::number, Function.identity()));

    private final int number;
    private final String description;

    HgResult(int number, String description) {
        this.number = number;
        this.description = description;
    }

    public int number() {
        return number;
    }

    /** What it says, in one sentence without a full stop; the words are ours. */
    public String description() {
        return description;
    }

    /** The result with this number, if it is published. */
    public static Optional<HgResult> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /** For messages: {@code HGGC_ERROR_ILLEGAL_ADDRESS (700)}. */
    @Override
    public String toString() {
        return "HGGC_ERROR_" + name() + " (" + number + ")";
    }
}
