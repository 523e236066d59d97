package dev.openppu.harness.sim.check;

import dev.openppu.abi.error.RecoveryAction;
import dev.openppu.abi.error.Remedy;
import dev.openppu.driver.DeviceHealth;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.owner.XidLog;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.ResetKind;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a device's health asks its administrator to do, against docs/recovery.md, written down here once more: a dead device for a reboot, a lost one for the mildest reset of the device that its link has, one with pages that wait
 * for a reset for that when its jobs have ended, any other for what the worst XID of its epoch asks for.
 */
public final class Asked {
    private final Ppu ppu;
    private final DeviceLink link;
    private final Rules rules;

    public Asked(Ppu ppu, DeviceLink link, Rules rules) {
        this.ppu = ppu;
        this.link = link;
        this.rules = rules;
    }

    /** At any time. */
    public void require() {
        DeviceHealth before = ppu.health();
        Collection<XidEvent> least = ppu.xids();
        DeviceHealth health = ppu.health();
        Collection<XidEvent> most = ppu.xids();
        if (before.state() != health.state() || before.epoch() != health.epoch() || most.size() >= XidLog.CAPACITY) {
            return;
        }
        Set<RecoveryAction> right = switch (health.state()) {
            case DEAD -> EnumSet.of(RecoveryAction.NODE_REBOOT);
            case LOST -> EnumSet.of(link.resets().contains(ResetKind.FUNCTION_LEVEL)
                    ? RecoveryAction.GPU_RESET
                    : RecoveryAction.GPU_RESET_BUS);
            case UP -> before.pendingPages() > 0
                    ? EnumSet.of(RecoveryAction.DRAIN_AND_RESET)
                    : ofXids(health.epoch() == 1 ? worst(least) : RecoveryAction.NONE, worst(most), most);
            case RESETTING, CLOSED -> EnumSet.of(RecoveryAction.NONE);
        };
        if (!right.contains(health.action())) {
            rules.broken(Invariant.REPORTS, "health() asks for %s: %s, behind %s".formatted(health.action(), health, most),
                    "one of " + right);
        }
    }

    /** A reset, also a second error of the memory, may have come meanwhile: earlier epochs ask for nothing. */
    private static Set<RecoveryAction> ofXids(RecoveryAction least, RecoveryAction most, Collection<XidEvent> xids) {
        Set<RecoveryAction> right = EnumSet.noneOf(RecoveryAction.class);
        for (RecoveryAction each : new RecoveryAction[]{RecoveryAction.NONE, RecoveryAction.GPU_RESET, RecoveryAction.NODE_REBOOT}) {
            if (each.compareTo(least) >= 0 && each.compareTo(most) <= 0) {
                right.add(each);
            }
        }
        if (xids.stream().anyMatch(xid -> xid.remedy() == Remedy.ECC_RELAUNCH)) {
            right.add(RecoveryAction.DRAIN_AND_RESET);
        }
        return right;
    }

    private static RecoveryAction worst(Collection<XidEvent> xids) {
        RecoveryAction worst = RecoveryAction.NONE;
        for (XidEvent xid : xids) {
            RecoveryAction asked = switch (xid.remedy()) {
                case RELAUNCH, ECC_RELAUNCH -> RecoveryAction.NONE;
                case DEVICE_RESET -> RecoveryAction.GPU_RESET;
                case OS_REBOOT, POWER_CYCLE -> RecoveryAction.NODE_REBOOT;
            };
            worst = asked.compareTo(worst) > 0 ? asked : worst;
        }
        return worst;
    }
}
