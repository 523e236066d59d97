package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.npy.ElementType;
import dev.openppu.cli.npy.NpyArray;
import dev.openppu.cli.npy.NpyFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ppu run} end to end, on the model: what the README promises, and every way that an input can be wrong. */
class RunCommandTest {
    private static final String KERNELS = """
            .target ppu_10;
            .entry wild(.param .u64 a) {
                .reg .u64 p;
                .reg .u32 x;
                ppu.ld.param.u64 p, [a];
                ppu.ld.global.u32 x, [p];
                ppu.exit;
            }
            .entry divide(.param .u32 by) {
                .reg .u32 x, y;
                ppu.ld.param.u32 x, [by];
                ppu.mov.u32 y, 7;
                ppu.div.u32 y, y, x;
                ppu.exit;
            }
            .entry spin(.param .u32 unused) {
            again:
                ppu.bra again;
                ppu.exit;
            }
            .entry fill(.param .u64 to, .param .f32 value) {
                .reg .u64 p, offset;
                .reg .u32 i;
                .reg .f32 x;
                ppu.mov.u32 i, %tid.x;
                ppu.mul.wide.u32 offset, i, 4;
                ppu.ld.param.u64 p, [to];
                ppu.add.u64 p, p, offset;
                ppu.ld.param.f32 x, [value];
                ppu.st.global.f32 [p], x;
                ppu.exit;
            }
            """;

    @TempDir
    Path folder;

    private Path examples;

    @BeforeEach
    void makeInputs() throws IOException {
        examples = Path.of("").toAbsolutePath().getParent().getParent().resolve("examples");
        write("a.npy", ElementType.F4, 19, 33);
        write("b.npy", ElementType.F4, 33, 17);
        write("v.npy", ElementType.F4, 1000);
        write("empty.npy", ElementType.F4, 0, 33);
        write("d.npy", ElementType.F8, 19, 33);
        Files.writeString(folder.resolve("kernels.tix"), KERNELS);
        BufferedImage picture = new BufferedImage(37, 21, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(5);
        for (int i = 0; i < 37 * 21; i++) {
            picture.setRGB(i % 37, i / 37, random.nextInt());
        }
        ImageIO.write(picture, "png", folder.resolve("photo.png").toFile());
        Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(Files.readAllBytes(folder.resolve("photo.png")), 500));
        Files.write(folder.resolve("cut.npy"), java.util.Arrays.copyOf(Files.readAllBytes(folder.resolve("a.npy")), 500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e", "model:zw810e?clock=sim&seed=7"})
    void multipliesMatricesWhoseSizesDivideNoBlock(String device) throws IOException {
        Shell shell = run("EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --out c=c.npy --verify --device " + device);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("all 323 elements right").contains("max error").contains("f4[19, 17]");
        assertThat(NpyFile.read(folder.resolve("c.npy"), Arena.ofAuto()).describe()).isEqualTo("f4[19, 17]");
    }

    @Test
    void addsVectors() throws IOException {
        assertThat(run("EXAMPLES/vecadd.tix --in a=v.npy --in b=v.npy --out sum.npy --verify --seed 1").status()).isZero();
        NpyArray v = NpyFile.read(folder.resolve("v.npy"), Arena.ofAuto());
        NpyArray sum = NpyFile.read(folder.resolve("sum.npy"), Arena.ofAuto());
        for (long i = 0; i < 1000; i++) {
            assertThat(sum.get(i)).isEqualTo(2 * v.get(i));
        }
    }

    @Test
    void findsEdgesOfAPicture() throws IOException {
        Shell shell = run("EXAMPLES/sobel.tix --image photo.png --out edges.png --verify --seed 1");
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("all 777 elements right; max error 0.0");
        BufferedImage edges = ImageIO.read(folder.resolve("edges.png").toFile());
        assertThat(edges.getWidth()).isEqualTo(37);
        assertThat(edges.getHeight()).isEqualTo(21);
        assertThat(edges.getRaster().getNumBands()).isEqualTo(1);
    }

    @Test
    void tellsProgramsTheSame() {
        var document = Shell.json(run("EXAMPLES/sobel.tix --image photo.png --out edges.png --verify --seed 1 --json").out());
        assertThat(document.get("kernel").asString()).isEqualTo("sobel");
        assertThat(document.get("grid").get(0).asInt()).isEqualTo(3);
        assertThat(document.get("kernelNanos").asLong()).isPositive();
        assertThat(document.get("verification").get("good").asBoolean()).isTrue();
        assertThat(document.get("verification").get("elements").asInt()).isEqualTo(777);
    }

    @Test
    void aKernelWithoutAHeaderIsDescribedByOptions() throws IOException {
        Shell shell = run("kernels.tix", "--kernel", "fill", "--grid", "1", "--block", "n", "--arg", "to=out x f4[8]", "--arg",
                "value=-0.5", "--arg", "n=8", "--out", "x.npy");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("no parameter n");
        assertThat(run("kernels.tix", "--kernel", "fill", "--grid", "1", "--block", "8", "--arg", "to=out x f4[8]", "--arg", "value=-0.5",
                "--out", "x.npy", "--seed", "1").status())
                .isZero();
        assertThat(NpyFile.read(folder.resolve("x.npy"), Arena.ofAuto()).get(7)).isEqualTo(-0.5);
    }

    @Test
    void saysWhereNoReferenceIsKnown() {
        Shell shell = run("kernels.tix", "--kernel", "fill", "--grid", "1", "--block", "8", "--arg", "to=out x f4[8]", "--arg", "value=1",
                "--verify", "--seed", "1");
        assertThat(shell.status()).isZero();
        assertThat(shell.out()).contains("not verified").contains("not saved");
    }

    @Test
    void aWrongResultIsNoSuccess() throws IOException {
        String source = Files.readString(examples.resolve("vecadd.tix"));
        Files.writeString(folder.resolve("wrong.tix"), source.replace("ppu.add.f32         x, x, y;", "ppu.sub.f32         x, x, y;"));
        Shell shell = run("wrong.tix --in a=v.npy --in b=v.npy --out sum.npy --verify --seed 1");
        assertThat(shell.status()).isEqualTo(1);
        assertThat(shell.out()).contains("of 1,000 elements wrong").contains("expected").contains("seen 0.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EXAMPLES/sobel.tix --image none.png                                   | none.png: no such file
            EXAMPLES/sobel.tix --image cut.png --out e.png                        | cut.png: a PNG file that is cut short
            EXAMPLES/sobel.tix --image a.npy --out e.png                          | no picture
            EXAMPLES/sobel.tix --image .                                          | is a folder
            EXAMPLES/sobel.tix                                                    | --image FILE.png
            EXAMPLES/sobel.tix --image photo.png --out e.xyz                      | must end in one of
            EXAMPLES/sobel.tix --image photo.png --out none/e.png                 | cannot be written
            EXAMPLES/sobel.tix --image photo.png --in a=a.npy                     | takes nothing of this kind
            EXAMPLES/matmul.tix --in a=a.npy                                      | --in b=FILE.npy
            EXAMPLES/matmul.tix --in z=a.npy --in b=b.npy                         | --in z=
            EXAMPLES/matmul.tix --in a=cut.npy --in b=b.npy                       | the file is cut short
            EXAMPLES/matmul.tix --in a=photo.png --in b=b.npy                     | not a NumPy file
            EXAMPLES/matmul.tix --in a=a.npy --in b=a.npy                         | dimension 0 (k) is 19, not 33
            EXAMPLES/matmul.tix --in a=a.npy --in b=v.npy                         | 1 dimensions
            EXAMPLES/matmul.tix --in a=d.npy --in b=b.npy                         | holds f8[19, 33]
            EXAMPLES/matmul.tix --in a=empty.npy --in b=b.npy                     | empty.npy is f4[0, 33], an empty array
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --in x=a.npy            | x=
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --out d=c.npy           | there is c
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --kernel none           | it has: matmul
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --grid ceil(q/16)       | 'q' is not known
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --grid 0                | not 1 to 2^31-1
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --arg m=1.5             | whole number
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --arg z=1               | no parameter z
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --block 2000            | 1024
            EXAMPLES/matmul.tix --in a=a.npy --in b=b.npy --device model:none     | zw810e
            none.tix                                                              | none.tix: no such file
            .                                                                     | is a folder
            photo.png                                                             | error:
            kernels.tix                                                           | several kernels
            kernels.tix --kernel spin --block 1 --arg unused=0                    | the grid is not given
            kernels.tix --kernel spin --grid 1 --block 1                          | parameter unused
            kernels.tix --kernel spin --grid 1 --block 1 --arg unused=0x1FFFFFFFF | does not fit
            kernels.tix --kernel spin --grid 1 --block 1 --arg unused=-1          | does not fit
            """)
    void badInputIsSaidInOneMessageAndLeavesNothing(String arguments, String message) throws IOException {
        List<String> before = files();
        Shell shell = run(arguments);
        assertThat(shell.err()).contains(message).doesNotContain("\tat ");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aMistakeInTheSourceIsShownAtItsPlace() throws IOException {
        Files.writeString(folder.resolve("bad.tix"), ".target ppu_10;\n.entry k() {\n  ppu.mov.u32 x, 3;\n}\n");
        Shell shell = run("bad.tix --grid 1 --block 1");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("bad.tix:3:15: error: ").contains("  ppu.mov.u32 x, 3;").contains("^");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wild   | a=0x123450000        | ILLEGAL_ADDRESS     | 1155 | 6
            wild   | a=0x123450001        | MISALIGNED_ADDRESS  | 896  | 6
            wild   | a=0xFFFF000000000000 | ILLEGAL_ADDRESS     | 1666 | 6
            divide | by=0                 | LAUNCH_FAILED       | 896  | 13
            spin   | unused=0             | LAUNCH_TIMEOUT      | 896  | 18
            """)
    void aKernelThatFailsIsNamedWithItsCodesAndItsLine(String kernel, String argument, String result, String xid, String line) {
        Shell shell = run("kernels.tix --kernel " + kernel + " --grid 1 --block 1 --watchdog 100000 --seed 1 --arg " + argument);
        assertThat(shell.status()).isEqualTo(1);
        assertThat(shell.err()).contains(result).contains("XID " + xid).contains("kernels.tix:" + line + ": the kernel failed here")
                .doesNotContain("\tat ");
    }

    @Test
    void aFailedKernelIsOneJsonObjectWithItsLine() {
        Shell shell = run("kernels.tix --kernel divide --grid 1 --block 1 --seed 1 --json --arg by=0");
        assertThat(shell.status()).isEqualTo(1);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).startsWith("{\"error\":").contains("kernels.tix:13\"").contains("\"hgresult\":719")
                .doesNotContain("failed here");
    }

    @Test
    void aFailedKernelLeavesNoOutput() throws IOException {
        List<String> before = files();
        Shell shell = run("kernels.tix", "--kernel", "wild", "--grid", "1", "--block", "1", "--arg", "a=in a f4[m,n]", "--in", "a=a.npy",
                "--arg", "a=5", "--seed", "1");
        assertThat(shell.status()).isNotZero();
        assertThat(files()).isEqualTo(before);
    }

    private void write(String name, ElementType type, long... shape) throws IOException {
        List<Long> extents = java.util.Arrays.stream(shape).boxed().toList();
        NpyArray array = new NpyArray(type, extents, Arena.ofAuto().allocate(NpyArray.byteSize(type, extents)));
        Random random = new Random(name.hashCode());
        for (long i = 0; i < array.length(); i++) {
            array.set(i, random.nextGaussian());
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
            NpyFile.write(array, out);
        }
    }

    /** Names of files, in arguments that look like some, are taken as being in the test's folder. */
    private Shell run(String... words) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        for (String word : words) {
            for (String each : word.contains(" --") ? word.split(" +") : new String[]{word}) {
                arguments.add(located(each));
            }
        }
        return Shell.run(arguments.toArray(String[]::new));
    }

    private String located(String word) {
        if (word.startsWith("EXAMPLES/")) {
            return examples.resolve(word.substring("EXAMPLES/".length())).toString();
        }
        if (word.equals(".")) {
            return folder.toString();
        }
        if (!word.matches("([a-z]=)?[a-z/]+\\.(png|npy|tix|xyz)")) {
            return word;
        }
        int equals = word.indexOf('=');
        return word.substring(0, equals + 1) + folder.resolve(word.substring(equals + 1));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
