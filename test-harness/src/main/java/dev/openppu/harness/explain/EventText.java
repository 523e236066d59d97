package dev.openppu.harness.explain;

import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.timeline.Timeline.Mark;
import dev.openppu.model.census.PacketKind;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines of a trace in words: registers by their fields, packets by their kinds, faults by what goes wrong. */
final class EventText {
    private static final Pattern ACCESS = Pattern.compile("bar\\d\\+0x[0-9a-f]+ (?:(?<name>\\S+) )?bytes=\\d+ = 0x(?<value>[0-9a-f]+)");
    private static final Pattern PACKET = Pattern.compile("(?<place>queue \\d+ index \\d+) header 0x(?<word>[0-9a-f]+)");
    private static final Pattern INDEX = Pattern.compile("\\[[0-9]+]");
    private static final Map<String, Register> REGISTERS = RegisterFields.ofPpu().places().stream()
            .collect(Collectors.toMap(RegisterFields.Place::name, RegisterFields.Place::register));

    private EventText() {}

    static String of(Mark mark) {
        return switch (mark.kind()) {
            case "mmio-read" -> "read " + access(mark.detail());
            case "mmio-write" -> "write " + access(mark.detail());
            case "mmio-arrives" -> "arrives: " + access(mark.detail());
            case "packet" -> packet(mark.detail());
            case "strikes" -> "FAULT " + mark.detail() + point(mark.detail()).map(point -> ": " + point.text()).orElse("");
            case "violation" -> "VIOLATED " + mark.detail();
            case "loss" -> "lost at " + mark.detail();
            case "event" -> mark.detail();
            default -> (mark.kind() + " " + mark.detail()).strip();
        };
    }

    private static String access(String detail) {
        Matcher matcher = ACCESS.matcher(detail);
        if (!matcher.matches()) {
            return detail;
        }
        String name = matcher.group("name");
        if (name == null) {
            return detail;
        }
        String plain = name + " = 0x" + matcher.group("value");
        Register register = REGISTERS.get(INDEX.matcher(name).replaceAll("[]"));
        return register == null ? plain : plain + fields(register, new BigInteger(matcher.group("value"), 16));
    }

    /** Fields that say something: those that are not 0, and those whose values have names. */
    private static String fields(Register register, BigInteger value) {
        if (register.fields().size() == 1 && register.fields().getFirst().encode() == null) {
            return "";
        }
        String fields = register.fields().stream().filter(field -> field.encode() != null || field.extract(value).signum() != 0)
                .map(field -> field.name() + "=" + meaning(field, value)).collect(Collectors.joining(" "));
        return fields.isEmpty() ? "" : "  " + fields;
    }

    private static String meaning(Field field, BigInteger value) {
        return field.meaning(field.extract(value));
    }

    private static String packet(String detail) {
        Matcher matcher = PACKET.matcher(detail);
        return matcher.matches()
                ? PacketKind.of(Integer.parseUnsignedInt(matcher.group("word"), 16)).id() + " packet starts: " + matcher.group("place")
                : "packet " + detail;
    }

    private static Optional<FaultPoint> point(String strike) {
        return FaultPoint.find(strike.substring(0, Math.max(0, strike.indexOf('@'))));
    }
}
