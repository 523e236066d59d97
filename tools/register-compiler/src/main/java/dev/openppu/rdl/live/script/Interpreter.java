package dev.openppu.rdl.live.script;

import dev.openppu.rdl.live.LivePaths;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.live.UnmappedRegisterException;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.PathException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands, a line each, for one client. Whether several interpreters may work at the same time on one map is a matter
 * of their {@link ScriptPort}; one by itself is for one thread.
 */
public final class Interpreter {

    private static final String OK = "ok";

    private final ScriptPort port;
    private final Locator locator;
    private final SoftwareAccess software;
    private final Watches watches;

    /**
     * @param port    what to speak to
     * @param locator finds the map's nodes
     * @param events  takes a line for each event that the client has asked for by {@code watch}
     */
    public Interpreter(ScriptPort port, Locator locator, Consumer<String> events) {
        this.port = port;
        this.locator = locator;
        this.software = new SoftwareAccess(port);
        this.watches = new Watches(locator, events);
    }

    /** An interrupt output has changed: tells the client, if it watches it. */
    public void interruptChanged(long address, boolean level) {
        watches.interruptChanged(address, level);
    }

    /**
     * Carries out one line.
     *
     * @return the reply, one line; empty for an empty line or a comment
     * @throws ScriptException if the line cannot be understood or carried out, or its answer is not the expected one
     */
    public String execute(String line) throws ScriptException {
        int comment = line.indexOf('#');
        String text = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (text.isEmpty()) {
            return "";
        }
        int arrow = text.indexOf("=>");
        String expected = arrow < 0 ? null : text.substring(arrow + 2).strip();
        Deque<String> words = new ArrayDeque<>(Arrays.asList((arrow < 0 ? text : text.substring(0, arrow)).strip().split("\\s+")));
        try {
            return execute(words, expected);
        } catch (PathException | UnmappedRegisterException e) {
            throw ScriptException.error(String.valueOf(e.getMessage()));
        }
    }

    private String execute(Deque<String> words, @Nullable String expected) throws ScriptException {
        String command = words.removeFirst();
        if (expected != null && !List.of("read", "peek", "intr", "halt").contains(command)) {
            throw ScriptException.error("'" + command + "' has no answer to expect");
        }
        String reply = switch (command) {
            case "read" -> answer(target(words), expected, software::read);
            case "peek" -> answer(target(words), expected, this::peek);
            case "write" -> write(words);
            case "refuse" -> refuse(words);
            case "drive" -> drive(words);
            case "poke" -> poke(words);
            case "set", "clear" -> inputs(command, words);
            case "increment", "decrement" -> count(command, words);
            case "signal" -> signal(words);
            case "pulse" -> pulse(words);
            case "reset" -> reset(words);
            case "intr", "halt" -> level(command, words, expected);
            case "watch" -> watches.watch(next(words, "a register or *"), true);
            case "unwatch" -> watches.watch(next(words, "a register or *"), false);
            case "help" -> "read peek write refuse drive poke set clear increment decrement signal pulse reset intr halt watch unwatch";
            default -> throw ScriptException.error("there is no command '" + command + "'; 'help' names them");
        };
        if (!words.isEmpty()) {
            throw ScriptException.error("'" + words.getFirst() + "' is too much for '" + command + "'");
        }
        return reply;
    }

    private static String next(Deque<String> words, String what) throws ScriptException {
        if (words.isEmpty()) {
            throw ScriptException.error("here " + what + " is missing");
        }
        return words.removeFirst();
    }

    private Target target(Deque<String> words) throws ScriptException {
        return Target.parse(next(words, "an address, a register or a field"), locator);
    }

    // ---- reading

    private interface Reading {
        BigInteger of(Target target) throws ScriptException;
    }

    private static String answer(Target target, @Nullable String expected, Reading reading) throws ScriptException {
        BigInteger wanted = expected == null ? null : target.value(expected);
        BigInteger value = reading.of(target);
        if (wanted != null && !wanted.equals(value)) {
            throw ScriptException.mismatch(target.text() + " is " + Numerals.hex(value) + ", expected " + Numerals.hex(wanted));
        }
        return Numerals.hex(value);
    }

    private BigInteger peek(Target target) {
        String path = target.path();
        if (path != null) {
            return port.hardware(live -> live.paths().peek(path));
        }
        Target.Piece piece = target.pieces().getFirst();
        return SoftwareAccess.unsigned(port.hardware(live -> live.peek(piece.address(), piece.bytes())));
    }

    private String level(String command, Deque<String> words, @Nullable String expected) throws ScriptException {
        String path = next(words, "a register");
        boolean level = port.hardware(live -> command.equals("intr") ? live.paths().interrupt(path) : live.paths().halt(path));
        String answer = level ? "1" : "0";
        if (expected != null && !expected.equals(answer)) {
            throw ScriptException.mismatch(command + " of " + path + " is " + answer + ", expected " + expected);
        }
        return answer;
    }

    // ---- software writes

    private String write(Deque<String> words) throws ScriptException {
        Target target = target(words);
        String first = next(words, "a value");
        if (first.indexOf('=') > 0) {
            words.addFirst(first);
            software.write(target, fields(target, words));
            return OK;
        }
        BigInteger value = target.value(first);
        if (!words.isEmpty() && words.getFirst().equals("while")) {
            words.removeFirst();
            BigInteger driven = target.value(next(words, "the value that hardware drives"));
            return writeWhileDriving(target, value, driven);
        }
        software.write(target, value);
        return OK;
    }

    private static BigInteger fields(Target target, Deque<String> words) throws ScriptException {
        BigInteger value = BigInteger.ZERO;
        while (!words.isEmpty()) {
            String[] assignment = words.removeFirst().split("=", 2);
            value = value.or(SoftwareAccess.fieldValue(target, assignment[0], assignment.length > 1 ? assignment[1] : ""));
        }
        return value;
    }

    private String writeWhileDriving(Target target, BigInteger written, BigInteger driven) throws ScriptException {
        if (target.pieces().size() > 1 || target.field() != null) {
            throw ScriptException.error("'while' takes a register of at most 64 bits");
        }
        Target.Piece piece = target.pieces().getFirst();
        return port.hardware(live -> {
            live.writeWhileDriving(piece.address(), piece.bytes(), written.longValue(), driven.longValue());
            return OK;
        });
    }

    private String refuse(Deque<String> words) throws ScriptException {
        String what = String.join(" ", words);
        String command = next(words, "the access that must be refused");
        try {
            if (command.equals("read")) {
                software.read(target(words));
            } else if (command.equals("write")) {
                write(words);
            } else {
                throw ScriptException.error("only a read or a write can be refused");
            }
        } catch (UnmappedRegisterException e) {
            return OK;
        }
        throw ScriptException.mismatch("'" + what + "' was not refused");
    }

    // ---- hardware

    private String hardware(Consumer<LiveRegisters> action) {
        return port.hardware(live -> {
            action.accept(live);
            return OK;
        });
    }

    private String drive(Deque<String> words) throws ScriptException {
        return store(words, LivePaths::drive, LiveRegisters::drive);
    }

    private String poke(Deque<String> words) throws ScriptException {
        return store(words, LivePaths::poke, LiveRegisters::poke);
    }

    /** Puts a value to a node by its path. */
    private interface ByPath {
        void put(LivePaths paths, String path, BigInteger value);
    }

    /** Puts a value to bytes at an address. */
    private interface ByAddress {
        void put(LiveRegisters live, long address, int bytes, long value);
    }

    private String store(Deque<String> words, ByPath byPath, ByAddress byAddress) throws ScriptException {
        Target target = target(words);
        BigInteger value = target.value(next(words, "a value"));
        Target.Piece piece = target.pieces().getFirst();
        String path = target.path();
        return hardware(live -> {
            if (path != null) {
                byPath.put(live.paths(), path, value);
            } else {
                byAddress.put(live, piece.address(), piece.bytes(), value.longValue());
            }
        });
    }

    private String inputs(String command, Deque<String> words) throws ScriptException {
        String path = next(words, "a register or a field");
        BigInteger mask = words.isEmpty() ? null : Numerals.parse(words.removeFirst());
        return hardware(live -> {
            if (command.equals("set")) {
                live.paths().set(path, mask);
            } else {
                live.paths().clear(path, mask);
            }
        });
    }

    private String count(String command, Deque<String> words) throws ScriptException {
        String path = next(words, "a counter");
        BigInteger times = words.isEmpty() ? BigInteger.ONE : Numerals.parse(words.removeFirst());
        if (times.bitLength() > 20) {
            throw ScriptException.error("a counter counts at most 1048575 times in one command");
        }
        return hardware(live -> {
            for (int i = 0; i < times.intValue(); i++) {
                if (command.equals("increment")) {
                    live.paths().increment(path);
                } else {
                    live.paths().decrement(path);
                }
            }
        });
    }

    private String signal(Deque<String> words) throws ScriptException {
        String wire = next(words, "a signal");
        long level = Numerals.parse(next(words, "a level")).longValue();
        return hardware(live -> live.signal(wire, level));
    }

    private String pulse(Deque<String> words) throws ScriptException {
        String wire = next(words, "a signal");
        return hardware(live -> live.pulse(wire));
    }

    private String reset(Deque<String> words) {
        if (words.isEmpty()) {
            return hardware(LiveRegisters::reset);
        }
        String signal = words.removeFirst();
        return hardware(live -> live.reset(signal));
    }
}
