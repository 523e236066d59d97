package dev.openppu.abi.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The enums against transcripts of the published tables. */
class PublishedErrorsTest {
    private static final String CAUSE_COLUMNS = "HDUSBTF";

    @Test
    void everyPublishedXidIsHereWithItsClientEventRemedyCausesAndName() throws IOException {
        List<String> published = lines("xids-published.txt");
        assertThat(published).hasSize(68);
        assertThat(Arrays.stream(Xid.values()).map(PublishedErrorsTest::row)).containsExactlyElementsOf(published);
    }

    @Test
    void anXidIsClientTimes256PlusEvent() {
        for (Xid xid : Xid.values()) {
            assertThat(xid.event()).isBetween(128, 255);
            assertThat(xid.number() >>> 8).isEqualTo(xid.client().number());
            assertThat(Xid.of(xid.number())).contains(xid);
        }
        assertThat(Xid.of(640)).isEmpty();
        assertThat(Xid.of(-1)).isEmpty();
    }

    @Test
    void everyPublishedHgResultIsHereAndNoOther() throws IOException {
        String published = String.join(" ", lines("hgresults-published.txt"));
        String here = Arrays.stream(HgResult.values()).map(r -> r.number() + " " + r.name()).collect(Collectors.joining(", "));
        assertThat(here).isEqualTo(published);
        assertThat(HgResult.of(700)).contains(HgResult.ILLEGAL_ADDRESS);
        assertThat(HgResult.of(9)).isEmpty();
    }

    @Test
    void everyHgResultIsDescribedInWordsOfItsOwn() {
        assertThat(Arrays.stream(HgResult.values()).map(HgResult::description)).doesNotHaveDuplicates()
                .allMatch(text -> text.matches("[a-z].{10,120}[^.]"));
    }

    @Test
    void deviceExceptionsCountFrom0To35() {
        assertThat(DeviceException.values()).hasSize(36);
        assertThat(DeviceException.of(4)).contains(DeviceException.HARDWARE_HANG);
        assertThat(DeviceException.of(12)).contains(DeviceException.GLOBAL_MEMORY_ALIGNMENT);
        assertThat(DeviceException.of(23)).contains(DeviceException.INVALID_VA);
        assertThat(DeviceException.of(35)).contains(DeviceException.INVALID_RLSU_LOAD_STORE_ADDRESS);
        assertThat(DeviceException.of(DeviceException.NONE)).isEmpty();
        assertThat(DeviceException.of(36)).isEmpty();
    }

    @Test
    void recoveryActionsCountAsInTheManagementLibrary() {
        assertThat(RecoveryAction.valueOf("GPU_RESET_BUS").number()).isEqualTo(5);
        assertThat(RecoveryAction.valueOf("NONE").number()).isZero();
    }

    private static String row(Xid xid) {
        StringBuilder causes = new StringBuilder("-".repeat(CAUSE_COLUMNS.length()));
        xid.causes().forEach(cause -> causes.setCharAt(CAUSE_COLUMNS.indexOf(cause.name().charAt(0)), 'x'));
        String remedy = switch (xid.remedy()) {
            case RELAUNCH -> "JOB";
            case ECC_RELAUNCH -> "ECC";
            case DEVICE_RESET -> "RST";
            case OS_REBOOT -> "OSR";
            case POWER_CYCLE -> "COLD";
        };
        return "%d %s %d %s %s %s".formatted(xid.number(), xid.client(), xid.event(), remedy, causes, xid.published());
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = PublishedErrorsTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
