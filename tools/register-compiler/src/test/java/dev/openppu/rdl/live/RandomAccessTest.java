package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random registers under random accesses agree, access by access, with a model that goes field by field and bit by bit. */
class RandomAccessTest {

    private static final List<String> SW = List.of("rw", "r", "w", "rw1", "w1", "na");
    private static final List<String> HW = List.of("rw", "r");
    private static final List<String> READ = List.of("", "rclr", "rset");
    private static final List<String> WRITE = List.of("", "woset", "woclr", "wot", "wzs", "wzc", "wzt", "wclr", "wset");

    /** One field, the slow way. */
    private static final class SlowField {
        final int low;
        final int width;
        final String sw;
        final String hw;
        final String onRead;
        final String onWrite;
        final long reset;
        long value;
        boolean written;

        SlowField(Random random, int low, int width) {
            this.low = low;
            this.width = width;
            this.sw = pick(random, SW);
            this.hw = pick(random, HW);
            this.onRead = canRead() ? pick(random, READ) : "";
            this.onWrite = canWrite() ? pick(random, WRITE) : "";
            this.reset = random.nextLong() & ones();
            this.value = reset;
        }

        private static String pick(Random random, List<String> choices) {
            return choices.get(random.nextInt(choices.size()));
        }

        boolean canRead() {
            return List.of("rw", "r", "rw1").contains(sw);
        }

        boolean canWrite() {
            return List.of("rw", "w", "rw1", "w1").contains(sw);
        }

        long ones() {
            return width == 64 ? -1L : (1L << width) - 1;
        }

        String declaration(int number) {
            return "field { sw = " + sw + "; hw = " + hw + ";" + (onRead.isEmpty() ? "" : "onread = " + onRead + ";")
                    + (onWrite.isEmpty() ? "" : "onwrite = " + onWrite + ";") + " } f" + number + "[" + (low + width - 1) + ":" + low
                    + "] = 64'h" + Long.toHexString(reset) + ";";
        }

        long read() {
            long seen = canRead() ? value << low : 0;
            value = onRead.equals("rclr") ? 0 : onRead.equals("rset") ? ones() : value;
            return seen;
        }

        void write(long data) {
            if (!canWrite() || sw.endsWith("1") && written) {
                return;
            }
            written = true;
            long result = 0;
            for (int bit = 0; bit < width; bit++) {
                boolean d = (data >>> low + bit & 1) != 0;
                boolean v = (value >>> bit & 1) != 0;
                boolean next = switch (onWrite) {
                    case "woset" -> v || d;
                    case "woclr" -> v && !d;
                    case "wot" -> v != d;
                    case "wzs" -> v || !d;
                    case "wzc" -> v && d;
                    case "wzt" -> v == d;
                    case "wclr" -> false;
                    case "wset" -> true;
                    default -> d;
                };
                result |= next ? 1L << bit : 0;
            }
            value = result;
        }

        void drive(long data) {
            if (hw.equals("rw")) {
                value = data >>> low & ones();
            }
        }

        void reset() {
            value = reset;
            written = false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32, 64})
    void agreesWithTheSlowModel(int width) {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed * 100L + width);
            List<SlowField> fields = fields(random, width);
            StringBuilder body = new StringBuilder("reg { regwidth = " + width + ";");
            for (int i = 0; i < fields.size(); i++) {
                body.append(fields.get(i).declaration(i));
            }
            LiveRegisters live = Live.registers(body + " } x @8;");
            for (int step = 0; step < 200; step++) {
                long data = random.nextLong() & (width == 64 ? -1L : (1L << width) - 1);
                String at = "seed " + seed + ", step " + step + ": " + body;
                switch (random.nextInt(20)) {
                    case 0 -> {
                        live.reset();
                        fields.forEach(SlowField::reset);
                    }
                    case 1, 2, 3 -> {
                        live.drive(8, width / 8, data);
                        fields.forEach(field -> field.drive(data));
                    }
                    case 4, 5, 6, 7, 8, 9 ->
                        assertThat(live.read(8, width / 8)).as(at).isEqualTo(fields.stream().mapToLong(SlowField::read).sum());
                    default -> {
                        live.write(8, width / 8, data);
                        fields.forEach(field -> field.write(data));
                    }
                }
                assertThat(live.peek(8, width / 8)).as(at).isEqualTo(fields.stream().mapToLong(field -> field.value << field.low).sum());
            }
        }
    }

    private static List<SlowField> fields(Random random, int width) {
        List<SlowField> fields = new ArrayList<>();
        for (int low = random.nextInt(3); low < width;) {
            int bits = 1 + random.nextInt(width - low);
            fields.add(new SlowField(random, low, bits));
            low += bits + random.nextInt(4);
        }
        return fields;
    }
}
