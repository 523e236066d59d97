package dev.openppu.model.flash;

import dev.openppu.model.firmware.flash.FlashLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * A NOR flash: erasing a sector makes it all ones, programming a page can only make zeros of ones. Nothing but these two changes it; no reset does.
 *
 * <p>Power can be made to go at an operation: then that operation is done by half, or completely, and none after it.
 */
public final class NorFlash {
    private static final byte ERASED = -1;
    private static final int NEVER = 0;

    private final byte[][] sectors = new byte[FlashLayout.SECTORS][];
    private long generation;
    private int untilPowerGoes = NEVER;
    private boolean torn;

    /** Whether the operation was completed, or power went with it. */
    enum Outcome {
        DONE, POWER_LOST
    }

    /** Power goes at the {@code count}th operation from now on; {@code half} of it is done, or all of it. */
    public void losePowerAt(int count, boolean half) {
        if (count < 1) {
            throw new IllegalArgumentException("power goes at operation 1 or later, not at " + count);
        }
        untilPowerGoes = count;
        torn = half;
    }

    /** Changes whenever the contents may have. */
    public long generation() {
        return generation;
    }

    /** Fills {@code into} from {@code offset} on. */
    public void read(long offset, byte[] into) {
        Objects.checkFromIndexSize(offset, into.length, FlashLayout.BYTES);
        for (int done = 0; done < into.length;) {
            long at = offset + done;
            byte[] sector = sectors[(int) (at / FlashLayout.SECTOR_BYTES)];
            int from = (int) (at % FlashLayout.SECTOR_BYTES);
            int piece = Math.min(into.length - done, FlashLayout.SECTOR_BYTES - from);
            if (sector == null) {
                Arrays.fill(into, done, done + piece, ERASED);
            } else {
                System.arraycopy(sector, from, into, done, piece);
            }
            done += piece;
        }
    }

    Outcome erase(int number) {
        generation++;
        boolean lost = powerGoes();
        byte[] sector = sectors[number];
        if (lost && torn && sector != null) {
            Arrays.fill(sector, 0, FlashLayout.SECTOR_BYTES / 2, ERASED);
        } else {
            sectors[number] = null;
        }
        return lost ? Outcome.POWER_LOST : Outcome.DONE;
    }

    /** @param content within one page */
    Outcome program(long offset, byte[] content) {
        FlashLayout.checkPage(offset, content.length);
        generation++;
        boolean lost = powerGoes();
        byte[] sector = sector((int) (offset / FlashLayout.SECTOR_BYTES));
        int from = (int) (offset % FlashLayout.SECTOR_BYTES);
        int whole = lost && torn ? content.length / 2 : content.length;
        for (int i = 0; i < whole; i++) {
            sector[from + i] &= content[i];
        }
        return lost ? Outcome.POWER_LOST : Outcome.DONE;
    }

    private byte[] sector(int number) {
        byte[] sector = sectors[number];
        if (sector == null) {
            sector = new byte[FlashLayout.SECTOR_BYTES];
            Arrays.fill(sector, ERASED);
            sectors[number] = sector;
        }
        return sector;
    }

    private boolean powerGoes() {
        return untilPowerGoes != NEVER && --untilPowerGoes == NEVER;
    }
}
