package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The dotted words after a mnemonic. Whoever knows one takes it; what is left at the end is a mistake. */
final class Modifiers {
    private record Word(String text, int position) {}

    private final String mnemonic;
    private final List<Word> words = new ArrayList<>();
    /** Words that the instruction asked for, to suggest from. */
    private final List<String> known = new ArrayList<>();

    /** @param token {@code ppu.name.modifier.modifier} */
    Modifiers(Token token) {
        String text = token.text();
        int second = text.indexOf('.', text.indexOf('.') + 1);
        mnemonic = second < 0 ? text : text.substring(0, second);
        int start = second;
        while (start >= 0) {
            int end = text.indexOf('.', start + 1);
            words.add(new Word(text.substring(start + 1, end < 0 ? text.length() : end), token.position() + start));
            start = end;
        }
    }

    boolean take(String text) {
        known.add(text);
        for (Word word : words) {
            if (word.text.equals(text)) {
                words.remove(word);
                return true;
            }
        }
        return false;
    }

    /** The value of the first word that the map knows, or null. */
    <T> @Nullable T takeOne(Map<String, T> values) {
        known.addAll(values.keySet());
        for (Word word : words) {
            T value = values.get(word.text);
            if (value != null) {
                words.remove(word);
                return value;
            }
        }
        return null;
    }

    /** The first word that is an enum's constant in lower case, or null. */
    <E extends Enum<E>> @Nullable E takeConstant(Class<E> type, String... excluded) {
        Map<String, E> values = new java.util.LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            values.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        List.of(excluded).forEach(values::remove);
        return takeOne(values);
    }

    /** The first word that is a type, or null. */
    @Nullable
    DataType takeType() {
        for (Word word : words) {
            DataType type = Declarations.typeNamed("." + word.text);
            if (type != null) {
                words.remove(word);
                return type;
            }
        }
        return null;
    }

    /** Nothing may be left. */
    void done() throws Mistake {
        if (!words.isEmpty()) {
            Word word = words.getFirst();
            throw new Mistake(word.position, word.text.length() + 1, mnemonic + " has no modifier ." + word.text + " here",
                    Suggestion.among(known, word.text));
        }
    }
}
