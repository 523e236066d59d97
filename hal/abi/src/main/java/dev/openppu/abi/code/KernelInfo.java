package dev.openppu.abi.code;

import java.util.List;

/**
 * What a code object says of one kernel.
 *
 * @param name as declared; unique in the object
 * @param entryOffset byte offset of its first instruction in the text
 * @param registers 32-bit registers per thread, at most 255
 * @param predicates predicates per thread, at most 127
 * @param sharedBytes shared memory it declares
 * @param localBytes local memory per thread
 * @param maxThreads most threads a block may have, 0 where it does not say
 * @param parameterBytes size of the parameter block
 * @param parameters in order of declaration
 */
public record KernelInfo(String name, int entryOffset, int registers, int predicates, int sharedBytes, int localBytes, int maxThreads,
        int parameterBytes,
        List<KernelParameter> parameters) {
    public KernelInfo {
        parameters = List.copyOf(parameters);
    }
}
