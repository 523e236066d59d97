package dev.openppu.rdl.emit.c;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where the members of a structure come to stand, and what fills the gaps. */
final class CLayout {

    private final List<Slot> slots = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long end;
    private int alignment = 1;

    /** A stretch of the structure. */
    sealed interface Slot {}

    /** Bytes that belong to nothing. */
    record Gap(String name, long size) implements Slot {}

    /** Members that begin at one address. */
    record Group(long offset, List<CMember.Placed> members) implements Slot {}

    /** A member that is not in the structure. */
    record Missing(CMember.LeftOut member) implements Slot {}

    /** @param names the names of the members to come */
    CLayout(List<String> names) {
        this.names.addAll(names);
    }

    /** Adds a member; they come in the order of their offsets. */
    void add(CMember member) {
        switch (member) {
            case CMember.LeftOut missing -> slots.add(new Missing(missing));
            case CMember.Placed placed -> add(placed);
        }
    }

    private void add(CMember.Placed member) {
        long offset = member.node().offset();
        if (offset >= end) {
            fill(offset);
            slots.add(new Group(offset, new ArrayList<>(List.of(member))));
        } else if (lastGroup() instanceof Group(long start, List<CMember.Placed> members) && start == offset) {
            members.add(member);
        } else {
            slots.add(new Missing(new CMember.LeftOut(member.node(), member.name(), "it lies within what is before it")));
            return;
        }
        end = Math.max(end, offset + member.extent());
        alignment = Math.max(alignment, member.alignment());
    }

    private Slot lastGroup() {
        return slots.reversed().stream().filter(Group.class::isInstance).findFirst().orElseThrow();
    }

    /** Fills up to {@code size}, or as much more as C would. */
    void finish(long size) {
        long least = Math.max(end, size);
        fill((least + alignment - 1) / alignment * alignment);
    }

    private void fill(long offset) {
        if (offset > end) {
            StringBuilder name = new StringBuilder("reserved_").append(Long.toHexString(end));
            while (!names.add(name.toString())) {
                name.append('_');
            }
            slots.add(new Gap(name.toString(), offset - end));
            end = offset;
        }
    }

    List<Slot> slots() {
        return slots;
    }

    /** The members that are in the structure. */
    List<CMember.Placed> members() {
        List<CMember.Placed> members = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot instanceof Group group) {
                members.addAll(group.members());
            }
        }
        return members;
    }

    long size() {
        return end;
    }

    int alignment() {
        return alignment;
    }
}
