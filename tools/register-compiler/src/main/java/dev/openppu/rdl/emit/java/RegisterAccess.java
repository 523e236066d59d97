package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.Register;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Emits the methods that read and write one register. A register moves in one access where its access width allows; else in
 * several, the lowest address first.
 */
final class RegisterAccess {

    static final int WORD = 64;

    private final JavaFile file;
    private final CodeWriter out;
    private final JavaEmitter.View view;
    private final boolean bigEndian;

    RegisterAccess(JavaFile file, JavaEmitter.View view, boolean bigEndian) {
        this.file = file;
        this.out = file.body();
        this.view = view;
        this.bigEndian = bigEndian;
    }

    /** One register: what its methods need. */
    private record Subject(Register register, String upper, JavaArray array) {

        boolean isWide() {
            return register.width() > WORD;
        }

        int words() {
            return register.width() / WORD;
        }

        String raw() {
            return register.width() > 32 ? "long" : "int";
        }

        String parameters(String... more) {
            return Stream.concat(Stream.of(array.parameters()), Stream.of(more)).filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(", "));
        }

        String arguments(String... more) {
            return Stream.concat(Stream.of(array.arguments()), Stream.of(more)).filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(", "));
        }
    }

    void emit(Register register, JavaMembers.Stem stem) {
        Subject subject = new Subject(register, stem.upper(), new JavaArray(register, stem.constant()));
        if (canRead(register)) {
            emitRead(subject);
        }
        if (canWrite(register)) {
            emitWrite(subject);
        }
    }

    private boolean canRead(Register register) {
        return view == JavaEmitter.View.HARDWARE || register.isReadable();
    }

    private boolean canWrite(Register register) {
        return view == JavaEmitter.View.SOFTWARE
                ? register.isWritable()
                : register.fields().stream().anyMatch(field -> field.hw().canWrite());
    }

    // ---- reading

    private void emitRead(Subject subject) {
        Register register = subject.register;
        String effects = view == JavaEmitter.View.HARDWARE ? "" : Wording.sideEffects(register);
        if (subject.isWide()) {
            out.blank().javadoc("Reads " + Wording.summary(register),
                    "Word 0 holds bits 63 to 0; there are " + subject.words() + ".", effects);
            out.line("public long read%s(%s) {", subject.upper, subject.parameters("int word"));
            emitLoads(register, wordAddress(subject));
            out.line("}");
            out.blank().javadoc("Reads all words of " + register.name() + ", the lowest address first, into the first "
                    + subject.words() + " elements of words.", effects);
            out.line("public void read%s(%s) {", subject.upper, subject.parameters("long[] words"));
            emitAllWords(subject, "words[word] = read%s(%s);".formatted(subject.upper, subject.arguments("word")));
            out.line("}");
        } else {
            out.blank().javadoc("Reads " + Wording.summary(register), effects);
            out.line("public %s read%s(%s) {", subject.raw(), subject.upper, subject.parameters());
            emitLoads(register, subject.array.address(file));
            out.line("}");
        }
    }

    private String wordAddress(Subject subject) {
        String word = file.checkIndex("word", Integer.toString(subject.words()));
        return subject.array.address(file) + " + " + (bigEndian ? "(" + (subject.words() - 1) + " - " + word + ")" : word) + " * 8L";
    }

    private void emitAllWords(Subject subject, String move) {
        file.use("java.util.Objects");
        out.line("Objects.checkFromIndexSize(0, %d, words.length);", subject.words());
        if (bigEndian) {
            out.line("for (int word = %d; word >= 0; word--) {", subject.words() - 1);
        } else {
            out.line("for (int word = 0; word < %d; word++) {", subject.words());
        }
        out.line("%s", move).line("}");
    }

    private void emitLoads(Register register, String address) {
        int width = Math.min(register.width(), WORD);
        int access = Math.min(register.accessWidth(), width);
        if (access == width) {
            out.line("return %s;", MmioCall.load(width, address));
            return;
        }
        out.line("long address = %s;", address);
        out.line("long raw = 0;");
        out.line("for (int piece = 0; piece < %d; piece++) {", width / access);
        out.line("raw |= %s << %s;", MmioCall.loadUnsigned(access, "address + piece * " + access / 8 + "L"), shift(width, access));
        out.line("}");
        out.line(width > 32 ? "return raw;" : "return (int) raw;");
    }

    /** How far up in the value the piece belongs that is the {@code piece}-th by address. */
    private String shift(int width, int access) {
        return bigEndian ? "((%d - piece) * %d)".formatted(width / access - 1, access) : "(piece * %d)".formatted(access);
    }

    // ---- writing

    private void emitWrite(Subject subject) {
        Register register = subject.register;
        if (subject.isWide()) {
            out.blank().javadoc("Writes one word of " + Wording.summary(register),
                    "Word 0 holds bits 63 to 0; there are " + subject.words() + ".");
            out.line("public void write%s(%s) {", subject.upper, subject.parameters("int word", "long raw"));
            emitStores(register, wordAddress(subject));
            out.line("}");
            out.blank().javadoc("Writes all words of " + register.name() + ", the lowest address first, from the first "
                    + subject.words() + " elements of words.");
            out.line("public void write%s(%s) {", subject.upper, subject.parameters("long[] words"));
            emitAllWords(subject, "write%s(%s);".formatted(subject.upper, subject.arguments("word", "words[word]")));
            out.line("}");
        } else {
            out.blank().javadoc("Writes " + Wording.summary(register));
            out.line("public void write%s(%s) {", subject.upper, subject.parameters(subject.raw() + " raw"));
            emitStores(register, subject.array.address(file));
            out.line("}");
        }
    }

    private void emitStores(Register register, String address) {
        int width = Math.min(register.width(), WORD);
        int access = Math.min(register.accessWidth(), width);
        if (access == width) {
            out.line("%s;", MmioCall.store(width, address, "raw"));
            return;
        }
        out.line("long address = %s;", address);
        out.line("for (int piece = 0; piece < %d; piece++) {", width / access);
        String piece = "(raw >>> " + shift(width, access) + ")";
        out.line("%s;", MmioCall.store(access, "address + piece * " + access / 8 + "L",
                access == 32 && width > 32 ? "(int) " + piece : piece));
        out.line("}");
    }
}
