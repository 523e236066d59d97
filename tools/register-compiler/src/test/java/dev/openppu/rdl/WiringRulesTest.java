package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.AddressMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a field's reference may lead to: the right width, something present, something that has a value. */
class WiringRulesTest {

    private static final String AROUND = "signal { activehigh; } one; signal { activehigh; } wide[8]; ";

    private static String map(String assignment) {
        return "addrmap top { " + AROUND
                + "reg { default hw = rw; field {} a[7:0] = 0; field {} b[15:8] = 0; field {} bt; field {} nib[20:17];"
                + "field { counter; } n[28:21] = 0; field { intr; } i[36:29]; regwidth = 64; " + assignment + " } x; };";
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a->swwe = b;                 | 'swwe' is one bit, but 'b' has 8
            a->we = wide;                | 'we' is one bit, but 'wide' has 8
            a->hwclr = nib;              | 'hwclr' is one bit, but 'nib' has 4
            a->hwset = b;                | 'hwset' is one bit, but 'b' has 8
            n->incr = b;                 | 'incr' is one bit, but 'b' has 8
            n->decr = nib;               | 'decr' is one bit, but 'nib' has 4
            a->resetsignal = wide;       | 'resetsignal' is one bit, but 'wide' has 8
            a->next = bt;               | 'next' goes bit for bit: field 'a' has 8 bits, but 'bt' has 1
            a->reset = nib;              | 'reset' goes bit for bit
            a->hwenable = nib;           | 'hwenable' goes bit for bit
            a->hwmask = bt;             | 'hwmask' goes bit for bit
            i->enable = bt;             | 'enable' goes bit for bit
            i->mask = nib;               | 'mask' goes bit for bit
            i->haltenable = nib;         | 'haltenable' goes bit for bit
            i->haltmask = bt;           | 'haltmask' goes bit for bit
            n->saturate = bt;           | 'saturate' goes bit for bit
            n->incrthreshold = nib;      | 'incrthreshold' goes bit for bit
            n->decrsaturate = one;       | 'decrsaturate' goes bit for bit
            nib->counter = true; nib->incrvalue = a; | 'incrvalue' takes no more than the 4 bits of the counter, but 'a' has 8
            a->next = a;                 | 'next' of field 'a' refers to the field itself
            a->reset = a;                | 'reset' of field 'a' refers to the field itself
            bt->ispresent = false; a->swwe = bt; | 'bt' is not present
            b->ispresent = false; a->next = b->reset; | 'b->reset' is not present
            a->next = bt->reset;        | 'bt->reset' leads nowhere: 'reset' is not assigned there
            bt->next = a->we;           | 'a->we' leads nowhere: 'we' is not assigned there
            bt->next = a->incr;         | 'a->incr' leads nowhere: 'a' is no counter
            bt->next = a->overflow;     | 'a->overflow' leads nowhere: 'a' is no counter
            bt->next = n->incrthreshold; | 'n->incrthreshold' leads nowhere: 'incrthreshold' is not assigned there
            a->swwe = bt; a->swwe = one; | 'swwe' of 'a' is assigned twice in this scope
            a->hw = r;                   | 'hw' cannot be assigned through the hierarchy
            a->paritycheck = true;       | 'paritycheck' cannot be assigned through the hierarchy
            """)
    void whatLeadsWrongIsRefused(String assignment, String expected) {
        assertThat(Rdl.messages(map(assignment))).singleElement().asString().startsWith("test.rdl:1:").contains(": error: ")
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a->swwe = bt;
            a->we = one;
            a->wel = bt;
            a->hwclr = one; a->hwset = bt;
            n->incr = bt; n->decr = one;
            a->resetsignal = one;
            a->next = b; b->next = wide;
            a->reset = b;
            a->hwenable = b; b->hwmask = a;
            i->enable = a; i->haltmask = b;
            n->saturate = a; n->decrthreshold = wide;
            n->incrvalue = nib; n->decrvalue = a;
            a->next = b->reset;
            n->threshold = a; bt->next = n->incrthreshold;
            n->overflow = true; bt->next = n->overflow;
            bt->next = n->incr;
            a->we = bt; bt->next = a->we;
            bt->next = a->swmod; a->swmod = true;
            bt->next = x->intr;
            bt->ispresent = false;
            a->sw = r; b->sw = r;
            """)
    void whatLeadsSomewhereIsAccepted(String assignment) {
        assertThat(Rdl.messages(map(assignment))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reg { field { hw = rw; } a; } x; x.a->posedge intr; x.a->stickybit = true;
            reg { field { hw = rw; } a; } x; x.a->nonsticky intr;
            reg { field {} a; } x[2][3]; reg { field {} b; } y; y.b->swwe = x[1][2].a;
            reg { field {} a; } x[4]; reg { field {} b; } y; y.b->swwe = x[3].a;
            reg { field {} a; a->swwe = s; } x;
            regfile f_t { reg t { field {} a; }; t x; x.a->sw = r; }; f_t f; f.x.a->sw = rw;
            """)
    void innerAssignmentsMayBeOverridden(String body) {
        assertThat(Rdl.messages("signal {} s; addrmap top { " + body + " };")).isEmpty();
    }

    @Test
    void aTypeThatLeadsOutOfItselfIsBoundWhereItStands() {
        AddressMap map = Rdl.map("signal {} s; regfile inner { reg { field { swwe = s; } a; } x; }; regfile outer { inner i; };"
                + "addrmap top { outer o; inner i; inner j; };");
        assertThat(Rdl.field(map, "i.x.a").properties().reference("swwe").up()).isEqualTo(3);
        assertThat(Rdl.field(map, "o.i.x.a").properties().reference("swwe").up()).isEqualTo(4);
        assertThat(Rdl.field(map, "j.x.a").properties().reference("swwe").up()).isEqualTo(3);
    }
}
