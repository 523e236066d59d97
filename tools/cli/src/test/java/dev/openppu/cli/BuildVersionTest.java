package dev.openppu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuildVersionTest {
    @Test
    void namesTheVersionThatWasBuilt() {
        assertThat(BuildVersion.current()).matches("ppu \\d+\\.\\d+\\.\\d+\\S*( \\([0-9a-f]{7,}(-dirty)?\\))?");
    }

    @Test
    void leavesOutACommitThatNobodyKnows() {
        assertThat(BuildVersion.describe("1.2.3", "")).isEqualTo("ppu 1.2.3");
        assertThat(BuildVersion.describe("1.2.3", "0123abc")).isEqualTo("ppu 1.2.3 (0123abc)");
    }
}
