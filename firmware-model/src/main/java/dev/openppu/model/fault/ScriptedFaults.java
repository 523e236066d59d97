package dev.openppu.model.fault;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Strikes exactly where a script says. */
public final class ScriptedFaults implements FaultSource {
    private final Map<FaultPoint, Map<Long, Long>> dice = new EnumMap<>(FaultPoint.class);

    public ScriptedFaults(List<Strike> strikes) {
        strikes.forEach(strike -> dice.computeIfAbsent(strike.point(), any -> new HashMap<>()).put(strike.passage(), strike.dice()));
    }

    @Override
    public long dice(FaultPoint point, long passage) {
        Map<Long, Long> passages = dice.get(point);
        return passages == null ? NOTHING : passages.getOrDefault(passage, NOTHING);
    }
}
