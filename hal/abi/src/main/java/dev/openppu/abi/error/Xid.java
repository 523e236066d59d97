package dev.openppu.abi.error;

import static dev.openppu.abi.error.Xid.Cause.BUS;
import static dev.openppu.abi.error.Xid.Cause.DRIVER;
import static dev.openppu.abi.error.Xid.Cause.FRAME_BUFFER;
import static dev.openppu.abi.error.Xid.Cause.HARDWARE;
import static dev.openppu.abi.error.Xid.Cause.SYSTEM_MEMORY;
import static dev.openppu.abi.error.Xid.Cause.THERMAL;
import static dev.openppu.abi.error.Xid.Cause.USER_PROGRAM;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The published XIDs of PPU001, all 68: error numbers in the kernel log, of one meaning across driver versions.
 *
 * <p>{@code number = client * 256 + event}. Source: Zhenwu 810E, table of XID errors (facts §3).
 */
public enum Xid {
    CP_INVALID_COMMAND(Client.CP, 128, "invalid command", Remedy.DEVICE_RESET, DRIVER, SYSTEM_MEMORY, BUS, FRAME_BUFFER),
    CP_PREEMPT_FAIL(Client.CP, 129, "preempt_fail", Remedy.RELAUNCH, DRIVER),
    CHUB_INVALID_PA(Client.CHUB, 129, "invalid_pa", Remedy.RELAUNCH, DRIVER, USER_PROGRAM),
    CHUB_ECC_ERROR(Client.CHUB, 130, "ecc_error", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    CHUB_INVALID_PAGE(Client.CHUB, 131, "invalid_page", Remedy.RELAUNCH, DRIVER, USER_PROGRAM, FRAME_BUFFER),
    CHUB_TLB_XNACK(Client.CHUB, 132, "tlb_xnack", Remedy.RELAUNCH, DRIVER, USER_PROGRAM),
    GD_FATAL_ERROR(Client.GD, 128, "fatal_error", Remedy.RELAUNCH, DRIVER, USER_PROGRAM, FRAME_BUFFER),
    L1_INVALID_PA(Client.L1, 129, "invalid_pa", Remedy.RELAUNCH, DRIVER, USER_PROGRAM),
    L1_ECC_ERROR(Client.L1, 130, "ecc_error", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    L1_INVALID_PAGE(Client.L1, 131, "invalid_page", Remedy.RELAUNCH, DRIVER, USER_PROGRAM, FRAME_BUFFER),
    L1_TLB_XNACK(Client.L1, 132, "tlb_xnack", Remedy.RELAUNCH, DRIVER, USER_PROGRAM),
    MMU_INVALID_PAGE(Client.MMU, 128, "invalid_page", Remedy.RELAUNCH, DRIVER, FRAME_BUFFER),
    MMU_ECC_ERROR_PAGE(Client.MMU, 129, "ecc_error_page", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    MMU_INVALID_VA(Client.MMU, 130, "invalid_va", Remedy.RELAUNCH, DRIVER, USER_PROGRAM),
    MMU_INVALID_PA(Client.MMU, 131, "invalid_pa", Remedy.RELAUNCH, DRIVER, FRAME_BUFFER),
    TLBV_XNACK(Client.TLBV, 128, "xnack", Remedy.RELAUNCH, DRIVER, USER_PROGRAM, FRAME_BUFFER),
    TLBV_INVALID_PAGE(Client.TLBV, 129, "invalid_page", Remedy.RELAUNCH, DRIVER, USER_PROGRAM),
    TLBV_ECC_ERROR_PAGE(Client.TLBV, 130, "ecc_error_page", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    TLBV_INVALID_PA(Client.TLBV, 131, "invalid_pa", Remedy.RELAUNCH, DRIVER, FRAME_BUFFER),
    PHUB_ERR_TLBP_PHUB_INVALID_PAGE(Client.PHUB, 128, "err_tlbp_phub_invalid_page", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_PHUB_XNACK(Client.PHUB, 129, "err_tlbp_phub_xnack", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_C2CEG_INVALID_PAGE(Client.PHUB, 130, "err_tlbp_c2ceg_invalid_page", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_C2CEG_XNACK(Client.PHUB, 131, "err_tlbp_c2ceg_xnack", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_C2CIG_INVALID_PAGE(Client.PHUB, 132, "err_tlbp_c2cig_invalid_page", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_C2CIG_XNACK(Client.PHUB, 133, "err_tlbp_c2cig_xnack", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_ICN_DST_MEM(Client.PHUB, 134, "err_icn_dst_mem", Remedy.RELAUNCH, HARDWARE),
    PHUB_ERR_ICN_DST_INVPA(Client.PHUB, 135, "err_icn_dst_invpa", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_ICN_ECC_DATA(Client.PHUB, 136, "err_icn_ecc_data", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    PHUB_ERR_ICN_INV_PA(Client.PHUB, 137, "err_icn_inv_pa", Remedy.RELAUNCH, DRIVER, FRAME_BUFFER),
    PHUB_FATAL_ICN_RT_NOPATH(Client.PHUB, 138, "fatal_icn_rt_nopath", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_ICN_INV_CMD(Client.PHUB, 139, "err_icn_inv_cmd", Remedy.DEVICE_RESET, DRIVER, SYSTEM_MEMORY, BUS),
    PHUB_ERR_ICN_LOCAL_FENCE_ECC(Client.PHUB, 140, "err_icn_local_fence_ecc", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    PHUB_ERR_ICN_LOCAL_FENCE_INV_PA(Client.PHUB, 141, "err_icn_local_fence_inv_pa", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_ICN_REQ_TO(Client.PHUB, 142, "err_icn_req_to", Remedy.OS_REBOOT, HARDWARE),
    PHUB_ERR_FB_REQ_TO(Client.PHUB, 143, "err_fb_req_to", Remedy.OS_REBOOT, HARDWARE),
    PHUB_FATAL_ICN_INST_NOPATH(Client.PHUB, 144, "fatal_icn_inst_nopath", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_DMAFS_INVP_XNACK(Client.PHUB, 145, "err_tlbp_dmafs_invp_xnack", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_ICN_FENCE_ECC(Client.PHUB, 146, "err_icn_fence_ecc", Remedy.ECC_RELAUNCH, HARDWARE, THERMAL),
    PHUB_ERR_ICN_FENCE_INVPA(Client.PHUB, 147, "err_icn_fence_invpa", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_C2CIG_INVPA(Client.PHUB, 149, "err_tlbp_c2cig_invpa", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_TLBP_C2CEG_INVPA(Client.PHUB, 150, "err_tlbp_c2ceg_invpa", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_REMOTE_STORE_RSP(Client.PHUB, 151, "err_remote_store_rsp", Remedy.OS_REBOOT, HARDWARE),
    PHUB_ERR_ICN_CMD_INV_VPPUID(Client.PHUB, 152, "err_icn_cmd_inv_vppuid", Remedy.RELAUNCH, DRIVER),
    PHUB_ERR_ICN_INST_INV_VPPUID(Client.PHUB, 153, "err_icn_inst_inv_vppuid", Remedy.RELAUNCH, DRIVER),
    REGFAB_ILLEGAL_REGISTER_ACCESS(Client.REGFAB, 128, "illegal register access", Remedy.RELAUNCH, DRIVER),
    REGFAB_READ_REGISTER_TIMEOUT(Client.REGFAB, 129, "read register timeout", Remedy.RELAUNCH, HARDWARE),
    REGFAB_VF_ACCESSED_DURING_LIVE_MIGRATION(Client.REGFAB, 130, "VF accessed during live migration", Remedy.RELAUNCH, DRIVER),
    REGFAB_DRIVER_PROGRAMMING_ERROR(Client.REGFAB, 131, "driver programming error", Remedy.RELAUNCH, DRIVER),
    REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED(Client.REGFAB, 132, "reserved register address accessed", Remedy.RELAUNCH, DRIVER),
    SWITCH_RT_NOPATH(Client.SWITCH, 128, "rt_nopath", Remedy.OS_REBOOT, DRIVER),
    SWITCH_RT_LPPATH(Client.SWITCH, 129, "rt_lppath", Remedy.OS_REBOOT, DRIVER),
    SWITCH_RX_PORT_EN(Client.SWITCH, 130, "rx_port_en", Remedy.OS_REBOOT, DRIVER),
    SWITCH_BM_OVERFLOW(Client.SWITCH, 131, "bm_overflow", Remedy.OS_REBOOT, HARDWARE),
    PRC_ICN_C2C_TX(Client.PRC, 128, "icn_c2c_tx", Remedy.OS_REBOOT, HARDWARE, BUS),
    PRC_PPUID_DISC_FAIL(Client.PRC, 129, "ppuid_disc_fail", Remedy.OS_REBOOT, HARDWARE, BUS),
    HBM_PS0_1_BIT_ECC_COUNT_OVER_THRESHOLD(Client.HBM, 132, "PS0 1-bit ECC count over threshold", Remedy.RELAUNCH, HARDWARE, BUS, THERMAL),
    HBM_PS0_2_BIT_UNCORRECTABLE(Client.HBM, 133, "PS0 2-bit uncorrectable", Remedy.ECC_RELAUNCH, HARDWARE, BUS, THERMAL),
    HBM_PS1_1_BIT_ECC_COUNT_OVER_THRESHOLD(Client.HBM, 140, "PS1 1-bit ECC count over threshold", Remedy.RELAUNCH, HARDWARE, BUS, THERMAL),
    HBM_PS1_2_BIT_UNCORRECTABLE(Client.HBM, 141, "PS1 2-bit uncorrectable", Remedy.ECC_RELAUNCH, HARDWARE, BUS, THERMAL),
    HBM_AC_PARITY_ERROR(Client.HBM, 144, "AC parity error", Remedy.RELAUNCH, HARDWARE, BUS, THERMAL),
    VCP_INVALID_COMMAND(Client.VCP, 128, "invalid command", Remedy.DEVICE_RESET, DRIVER, SYSTEM_MEMORY, BUS, FRAME_BUFFER),
    VHUB_ECC_ERROR(Client.VHUB, 129, "ECC error", Remedy.RELAUNCH, HARDWARE, THERMAL),
    VHUB_INVALID_PA(Client.VHUB, 130, "invalid PA", Remedy.RELAUNCH, HARDWARE, BUS),
    VHUB_ATOMIC_ERROR(Client.VHUB, 131, "atomic error", Remedy.RELAUNCH, HARDWARE, BUS),
    VSYNC_VIDEO_IP_ABNORMAL(Client.VSYNC, 128, "video IP abnormal", Remedy.RELAUNCH, HARDWARE),
    KERNEL_KILL_OVERTIME(Client.KERNEL, 128, "kill overtime", Remedy.DEVICE_RESET, DRIVER, USER_PROGRAM),
    KERNEL_DEVICE_LOST(Client.KERNEL, 129, "device lost", Remedy.POWER_CYCLE, HARDWARE, THERMAL),
    KERNEL_LAUNCH_ABORT(Client.KERNEL, 130, "launch abort", Remedy.RELAUNCH, DRIVER, USER_PROGRAM);

    /** The block of the device that reports. */
    public enum Client {
        CP(1, "command processor"),
        CHUB(2, "copy hub"),
        GD(3, "grid dispatcher"),
        L1(4, "L1 caches"),
        MMU(6, "MMU"),
        TLBV(7, "TLB"),
        PHUB(10, "fabric hub"),
        REGFAB(11, "register fabric"),
        SWITCH(16, "ICN switch"),
        PRC(17, "ICN link controller"),
        HBM(19, "memory"),
        VCP(33, "video command processor"),
        VHUB(34, "video hub"),
        VSYNC(35, "video"),
        KERNEL(63, "kernel driver");

        private final int number;
        private final String block;

        Client(int number, String block) {
            this.number = number;
            this.block = block;
        }

        public int number() {
            return number;
        }

        /** The block in words; the words are ours. */
        public String block() {
            return block;
        }
    }

    /** What can be behind an XID: the columns of the published table. */
    public enum Cause {
        HARDWARE, DRIVER, USER_PROGRAM, SYSTEM_MEMORY, BUS, THERMAL, FRAME_BUFFER
    }

    private static final Map<Integer, Xid> BY_NUMBER = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(Xid::number, Function.identity()));

    private final Client client;
    private final int event;
    private final String published;
    private final Remedy remedy;
    private final Set<Cause> causes;

    Xid(Client client, int event, String published, Remedy remedy, Cause... causes) {
        this.client = client;
        this.event = event;
        this.published = published;
        this.remedy = remedy;
        this.causes = Collections.unmodifiableSet(EnumSet.copyOf(List.of(causes)));
    }

    /** {@code client * 256 + event}. */
    public int number() {
        return client.number * 256 + event;
    }

    public Client client() {
        return client;
    }

    /** 128 and up, within the client. */
    public int event() {
        return event;
    }

    /** The event's published name, for example {@code invalid_page}. */
    public String published() {
        return published;
    }

    public Remedy remedy() {
        return remedy;
    }

    public Set<Cause> causes() {
        return causes;
    }

    /** The XID with this number, if it is published. */
    public static Optional<Xid> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /** For messages: {@code XID 1155 (L1 invalid_page)}. */
    @Override
    public String toString() {
        return "XID " + number() + " (" + client + " " + published + ")";
    }
}
