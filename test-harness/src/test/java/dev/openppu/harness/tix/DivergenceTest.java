package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.model.compute.Dim3;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random control flow, irreducible more often than not: every block of code ends by jumping to one of two others, as its thread's own numbers say. What comes
 * out is compared with a scalar interpreter of the same graph that runs one thread after the other and knows nothing of warps.
 */
class DivergenceTest {
    private static final int REGISTERS = 4;
    private static final int MAX_STEPS = 200;

    /** r[to] = r[from] · factor + addend; then to {@code yes} if bit {@code bit} of r[tested] is set, else to {@code no}; -1 ends the thread. */
    private record Node(int to, int from, int factor, int addend, int tested, int bit, int yes, int no, boolean counts) {}

    private static Node[] graph(Random random, int size) {
        Node[] graph = new Node[size];
        for (int i = 0; i < size; i++) {
            graph[i] = new Node(random.nextInt(REGISTERS), random.nextInt(REGISTERS), random.nextInt() | 1, random.nextInt(),
                    random.nextInt(REGISTERS),
                    random.nextInt(32), random.nextInt(size + 1) - 1, random.nextInt(size), random.nextInt(3) == 0);
        }
        return graph;
    }

    private static int[] interpret(Node[] graph, int thread) {
        int[] r = {thread, thread * 0x9E37_79B9, ~thread, 7};
        int steps = 0;
        int visits = 0;
        int at = 0;
        while (at >= 0 && steps < MAX_STEPS) {
            Node node = graph[at];
            steps++;
            r[node.to] = r[node.from] * node.factor + node.addend;
            visits += node.counts ? 1 : 0;
            at = (r[node.tested] >>> node.bit & 1) != 0 ? node.yes : node.no;
        }
        return new int[]{r[0], r[1], r[2], r[3], steps, visits};
    }

    private static String source(Node[] graph) {
        StringBuilder text = new StringBuilder("""
                .entry test(.u64 out) {
                    .reg .b32 r<4>;
                    .reg .u32 steps, visits, bit, i;
                    .reg .u64 address, offset;
                    .reg .pred take, done;
                    ppu.mad.lo.u32 i, %blkid.x, %ntid.x, %tid.x;
                    ppu.mov.b32 r0, i;
                    ppu.mul.lo.u32 r1, i, 0x9E3779B9;
                    ppu.not.b32 r2, i;
                    ppu.mov.b32 r3, 7;
                    ppu.mov.u32 steps, 0;
                    ppu.mov.u32 visits, 0;
                """);
        for (int i = 0; i < graph.length; i++) {
            Node node = graph[i];
            text.append("node%d:\n    ppu.cmpp.ge.u32 done, steps, %d;\n@done ppu.bra finish;\n".formatted(i, MAX_STEPS));
            text.append("    ppu.add.u32 steps, steps, 1;\n");
            text.append("    ppu.mad.lo.s32 r%d, r%d, %d, %d;\n".formatted(node.to, node.from, node.factor, node.addend));
            if (node.counts) {
                text.append("    ppu.add.u32 visits, visits, 1;\n");
            }
            text.append("    ppu.bfe.u32 bit, r%d, %d, 1;\n    ppu.cmpp.ne.b32 take, bit, 0;\n".formatted(node.tested, node.bit));
            text.append("@take ppu.bra %s;\n    ppu.bra %s;\n".formatted(label(node.yes), label(node.no)));
        }
        text.append(
                "finish:\n    ppu.ld.param.u64 address, [out];\n    ppu.mul.wide.u32 offset, i, 32;\n    ppu.add.u64 address, address, offset;\n");
        for (int r = 0; r < REGISTERS; r++) {
            text.append("    ppu.st.global.b32 [address + %d], r%d;\n".formatted(4 * r, r));
        }
        text.append("    ppu.st.global.b32 [address + 16], steps;\n    ppu.st.global.b32 [address + 20], visits;\n}\n");
        return text.toString();
    }

    private static String label(int node) {
        return node < 0 ? "finish" : "node" + node;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyThreadGoesItsOwnWay(long seed) {
        Random random = new Random(seed);
        Node[] graph = graph(random, 3 + random.nextInt(20));
        int threads = 1 + random.nextInt(200);
        KernelRunner runner = KernelRunner.of(source(graph)).slice(1 + random.nextInt(500));
        long out = runner.memory.allocate(32L * threads);
        runner.run(new Dim3(1, 1, 1), new Dim3(threads, 1, 1), out);
        for (int thread = 0; thread < threads; thread++) {
            int[] actual = new int[6];
            for (int i = 0; i < actual.length; i++) {
                actual[i] = runner.memory.intAt(out + 32L * thread + 4L * i);
            }
            assertThat(actual).as("thread %d of %d, seed %d", thread, threads, seed).isEqualTo(interpret(graph, thread));
        }
    }

    @org.junit.jupiter.api.Test
    void pathsThatMeetBecomeOneAgain() {
        KernelRunner runner = KernelRunner.of("""
                .entry test(.u64 out) {
                    .reg .u32 i, n, mask;
                    .reg .u64 address, offset;
                    .reg .pred p, more;
                    ppu.mov.u32 i, %tid.x;
                    ppu.mov.u32 n, 0;
                loop:
                    ppu.add.u32 n, n, 1;
                    ppu.cmpp.lt.u32 more, n, i;
                @more ppu.bra loop;
                    ppu.activemask.b32 mask;
                    ppu.ld.param.u64 address, [out];
                    ppu.mul.wide.u32 offset, i, 4;
                    ppu.add.u64 address, address, offset;
                    ppu.st.global.b32 [address], mask;
                }
                """);
        long out = runner.memory.allocate(128);
        runner.run(new Dim3(1, 1, 1), new Dim3(32, 1, 1), out);
        for (int i = 0; i < 32; i++) {
            assertThat(runner.memory.intAt(out + 4L * i)).as("lane %d", i).isEqualTo(-1);
        }
    }

    @org.junit.jupiter.api.Test
    void aLaneThatSpinsDoesNotStarveTheOneItWaitsFor() {
        KernelRunner runner = KernelRunner.of("""
                .entry test(.u64 out) {
                    .shared .u32 flag;
                    .reg .u32 seen;
                    .reg .u64 address;
                    .reg .pred first, set;
                    ppu.st.shared.u32 [flag], 0;
                    ppu.cmpp.eq.u32 first, %tid.x, 31;
                @first ppu.bra signal;
                wait:
                    ppu.ld.shared.volatile.u32 seen, [flag];
                    ppu.cmpp.eq.u32 set, seen, 5;
                @!set ppu.bra wait;
                    ppu.bra end;
                signal:
                    ppu.st.shared.volatile.u32 [flag], 5;
                end:
                    ppu.ld.param.u64 address, [out];
                    ppu.st.global.u32 [address], 9;
                }
                """);
        long out = runner.memory.allocate(4);
        runner.run(new Dim3(1, 1, 1), new Dim3(32, 1, 1), out);
        assertThat(runner.memory.intAt(out)).isEqualTo(9);
    }
}
