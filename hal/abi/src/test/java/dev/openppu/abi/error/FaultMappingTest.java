package dev.openppu.abi.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/device.md, section 7, once more by hand. */
class FaultMappingTest {

    @ParameterizedTest
    @CsvSource({"KERNEL_PAGE_NOT_VALID,19,1155,700", "KERNEL_NO_READ_RIGHT,20,1155,700", "KERNEL_NO_WRITE_RIGHT,21,1155,700",
        "KERNEL_NO_EXECUTE_RIGHT,22,1155,718", "KERNEL_INVALID_VA,23,1666,700", "KERNEL_INVALID_PA,17,1153,700",
        "KERNEL_HOST_REFUSED,19,1156,700", "KERNEL_MISALIGNED_GLOBAL,12,896,716", "KERNEL_SHARED_OUT_OF_RANGE,9,896,700",
        "KERNEL_SHARED_MISALIGNED,10,896,716", "KERNEL_OUT_OF_RANGE,11,896,700", "KERNEL_ATOMIC_ON_SYSTEM_MEMORY,13,896,717",
        "KERNEL_INVALID_INSTRUCTION,0,896,715", "KERNEL_INVALID_REGISTER,5,896,715",
        "KERNEL_INVALID_CANDIDATE_MASK,1,896,715", "KERNEL_INVALID_BARRIER,2,896,715", "KERNEL_INVALID_WARP_SYNC,3,896,715",
        "KERNEL_DIVISION_BY_ZERO,63,896,719", "KERNEL_WATCHDOG,4,896,702", "KERNEL_MALFORMED_ENTRY,18,1664,700",
        "OPERAND_INVALID_PAGE,63,643,700", "OPERAND_INVALID_VA,63,1666,700", "OPERAND_INVALID_PA,63,641,700",
        "OPERAND_HOST_REFUSED,63,644,700", "BAD_PACKET,63,384,719", "RESERVED_REGISTER,63,2948,-1",
        "ILLEGAL_REGISTER_ACCESS,63,2944,-1", "DEVICE_LOST,63,16257,46",
        "KERNEL_ECC,32,1154,214", "KERNEL_FETCH_ECC,33,1154,214", "KERNEL_WALK_ECC,30,1922,214", "OPERAND_ECC,63,642,214",
        "OPERAND_WALK_ECC,63,1665,214", "MEMORY_PS0_CORRECTED_OFTEN,63,4996,-1", "MEMORY_PS1_CORRECTED_OFTEN,63,5004,-1",
        "MEMORY_PS0_UNCORRECTABLE,63,4997,-1", "MEMORY_PS1_UNCORRECTABLE,63,5005,-1"})
    void aFaultHasTheNumbersOfTheGuide(FaultMapping fault, int exception, int xid, int result) {
        assertThat(fault.exceptionCode()).isEqualTo(exception);
        assertThat(fault.xid().number()).isEqualTo(xid);
        assertThat(fault.result().map(HgResult::number).orElse(-1)).isEqualTo(result);
        assertThat(FaultMapping.of(xid, exception)).contains(fault);
    }

    @Test
    void xidAndExceptionTogetherNeverNameTwoResults() {
        Map<String, Optional<HgResult>> seen = new HashMap<>();
        for (FaultMapping fault : FaultMapping.values()) {
            Optional<HgResult> before = seen.putIfAbsent(fault.xid().number() + "/" + fault.exceptionCode(), fault.result());
            assertThat(before == null || before.equals(fault.result())).as(fault.name()).isTrue();
        }
    }

    @Test
    void whatNoTableNamesIsNoFault() {
        assertThat(FaultMapping.of(5008, DeviceException.NONE)).isEmpty();
        assertThat(FaultMapping.of(896, 35)).isEmpty();
    }
}
