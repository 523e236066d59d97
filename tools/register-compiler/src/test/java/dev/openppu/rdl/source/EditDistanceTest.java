package dev.openppu.rdl.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {

    @ParameterizedTest
    @CsvSource({"'', '', 0", "'', abc, 3", "abc, '', 3", "queue, queue, 0", "queue, qeue, 1", "queue, queues, 1", "queue, quene, 1",
        "kitten, sitting, 3", "ab, ba, 2"})
    void countsTheFewestEditsEitherWay(String a, String b, int edits) {
        assertThat(EditDistance.between(a, b)).isEqualTo(edits);
        assertThat(EditDistance.between(b, a)).isEqualTo(edits);
    }
}
