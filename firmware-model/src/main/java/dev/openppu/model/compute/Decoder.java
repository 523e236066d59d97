package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ProductPart;
import dev.openppu.abi.code.StateSpace;
import dev.openppu.abi.error.FaultMapping;
import org.jspecify.annotations.Nullable;

/** Turns instructions into operations. What does not decode becomes a trap, since it only matters when a thread gets there. */
final class Decoder {
    private final RegisterRows rows;
    private final int predicates;
    private final int length;

    Decoder(RegisterRows rows, int predicates, int length) {
        this.rows = rows;
        this.predicates = predicates;
        this.length = length;
    }

    Op decode(Instruction instruction, int index) {
        Decoded decoded = new Decoded(instruction, rows, predicates);
        try {
            Opcode opcode = Decoded.valid(instruction.opcode());
            decoded.checkGuard();
            Op operation = operation(decoded, opcode, index);
            return decoded.readsTime() && operation instanceof LaneOp lanes ? new ClockedOp(decoded, lanes) : operation;
        } catch (InvalidCode invalid) {
            Decoded unguarded = new Decoded(Instruction.of(Opcode.EXIT).build(), rows, predicates);
            return new BranchOps.Trap(unguarded, invalid.cause);
        }
    }

    private Op operation(Decoded decoded, Opcode opcode, int index) throws InvalidCode {
        return switch (opcode) {
            case EXIT -> new BranchOps.Exit(decoded);
            case BRA -> new BranchOps.Branch(decoded, index, length);
            case BAR -> new BarrierOp(decoded);
            case BAR_WARP -> new WarpOps.Meet(decoded);
            case FENCE -> new AddressOps.Fence(decoded);
            case NANOSLEEP, PREFETCH -> new AddressOps.Hint(decoded);
            case LD -> new LoadOp(decoded);
            case ST -> new StoreOp(decoded);
            case ATOM -> new AtomicOp(decoded);
            case ISSPACEP -> new AddressOps.SpaceTest(decoded);
            case SHFL -> new WarpOps.Shuffle(decoded);
            case VOTE -> new WarpOps.Vote(decoded);
            case MATCH -> new WarpOps.Match(decoded);
            case REDUX -> new WarpOps.Reduce(decoded);
            case ACTIVEMASK -> new WarpOps.ActiveMask(decoded);
            case PACK -> new MoveOps.Pack(decoded);
            case UNPACK -> new MoveOps.Unpack(decoded);
            case SELP -> new MoveOps.Select(decoded);
            case CMP -> new CompareOps.ToRegister(decoded);
            case CMPP -> new CompareOps.ToPredicates(decoded);
            case TESTP -> new CompareOps.Test(decoded);
            default -> computation(decoded, opcode, decoded.type());
        };
    }

    private static Op computation(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        if (type == DataType.PRED) {
            return new MoveOps.PredicateLogic(decoded, predicateOpcode(opcode));
        }
        if (opcode == Opcode.MOV) {
            return new MoveOps.Move(decoded);
        }
        boolean carries = opcode == Opcode.ADD || opcode == Opcode.SUB || opcode == Opcode.MAD;
        if (carries && type.isInteger() && decoded.instruction().hasVariant(Instruction.VARIANT_CARRY_IN | Instruction.VARIANT_CARRY_OUT)) {
            return new CarryOp(decoded, opcode);
        }
        LaneOp fast = fastPath(decoded, opcode, type);
        return fast != null ? fast : mapped(decoded, opcode, type);
    }

    private static Opcode predicateOpcode(Opcode opcode) throws InvalidCode {
        return switch (opcode) {
            case AND, OR, XOR, NOT, MOV -> opcode;
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    private static @Nullable LaneOp fastPath(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        LaneOp narrow = IntOps.of(decoded, opcode, type);
        if (narrow != null) {
            return narrow;
        }
        LaneOp wide = WideOps.of(decoded, opcode, type);
        return wide != null ? wide : FloatOps.of(decoded, opcode, type);
    }

    /** An operation by its function in one lane: also what the fast paths are tested against. */
    static MappedOp mapped(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        int width = type.registers();
        return switch (opcode) {
            case CVT -> conversion(decoded, type);
            case CVT_PACK -> new MappedOp(decoded, Conversions.pack(type), 1, 1, 1, 1);
            case SLCT -> select(decoded, type);
            case DP4A -> new MappedOp(decoded, IntegerFunctions.dotProduct4(type, decoded.sourceType()), 1, 1, 1, 1);
            case DP2A -> new MappedOp(decoded,
                    IntegerFunctions.dotProduct2(type, decoded.sourceType(), instruction.hasVariant(Instruction.VARIANT_HIGH)), 1, 1, 1, 1);
            case CVTA, CVTA_TO -> addressConversion(decoded, opcode);
            case PRMT, LOP3, SHF, BMSK, SZEXT, FNS -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), 1, 1, 1,
                    decoded.has(Operand.C) ? 1 : 0, decoded.has(Operand.E) ? 1 : 0);
            case AND, OR, XOR -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), width, width, width);
            case NOT, CNOT, BREV -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), width, width);
            case SHL, SHR -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), width, width, 1);
            case POPC, CLZ, BFIND -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), 1, width);
            case BFE -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), width, width, 1, 1);
            case BFI -> new MappedOp(decoded, BitFunctions.of(opcode, type, instruction), width, width, width, 1, 1);
            default -> arithmetic(decoded, opcode, type);
        };
    }

    private static MappedOp conversion(Decoded decoded, DataType type) throws InvalidCode {
        DataType from = decoded.sourceType();
        boolean pair = type == DataType.F16X2 || type == DataType.BF16X2;
        int registers = decoded.instruction().resultRegisters();
        Decoded.require(registers >= type.registers() && registers <= 4);
        return new MappedOp(decoded, Conversions.of(decoded.instruction(), type, from), registers, from.registers(),
                pair ? from.registers() : 0);
    }

    private static MappedOp select(Decoded decoded, DataType type) throws InvalidCode {
        boolean flush = decoded.instruction().flushToZero();
        DataType selector = decoded.sourceType();
        Decoded.require(selector == DataType.S32 || selector == DataType.F32);
        LaneFunction function = selector == DataType.S32
                ? (a, b, c, e) -> (int) c >= 0 ? a : b
                : (a, b, c, e) -> Floats.single(c, flush) >= 0 ? a : b;
        return new MappedOp(decoded, function, type.registers(), type.registers(), type.registers(), 1);
    }

    private static MappedOp addressConversion(Decoded decoded, Opcode opcode) throws InvalidCode {
        StateSpace space = Decoded.valid(decoded.instruction().space());
        long window = Place.window(space);
        LaneFunction function = opcode == Opcode.CVTA ? (a, b, c, e) -> a + window : (a, b, c, e) -> Place.offset(space, a);
        return new MappedOp(decoded, function, 2, 2);
    }

    private static MappedOp arithmetic(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        int operands = operands(decoded, opcode);
        int width = type.registers();
        if (!type.isFloat()) {
            LaneFunction function = IntegerFunctions.of(opcode, type, decoded);
            boolean widens = (opcode == Opcode.MUL || opcode == Opcode.MAD)
                    && IntegerFunctions.part(decoded.instruction()) == ProductPart.WIDE;
            Decoded.require(!widens || type.bits() <= 32);
            int result = widens ? Math.max(1, 2 * type.bits() / 32) : width;
            return new MappedOp(decoded, function, result, width, operands > 1 ? width : 0, operands > 2 ? result : 0);
        }
        LaneFunction function = floatFunction(decoded, opcode, type, operands == 3);
        return new MappedOp(decoded, function, width, width, operands > 1 ? width : 0, operands > 2 ? width : 0);
    }

    private static int operands(Decoded decoded, Opcode opcode) {
        return switch (opcode) {
            case ABS, NEG, RCP, SQRT, RSQRT, SIN, COS, LG2, EX2, TANH -> 1;
            case MAD, FMA, MAD24, SAD -> 3;
            case MIN, MAX -> decoded.has(Operand.C) ? 3 : 2;
            default -> 2;
        };
    }

    private static LaneFunction floatFunction(Decoded decoded, Opcode opcode, DataType type, boolean three) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        DataType source = instruction.sourceType();
        if (source == DataType.F16 || source == DataType.BF16) {
            Decoded.require(type == DataType.F32);
            return FloatFunctions.mixed(opcode, source == DataType.F16 ? FloatFormat.F16 : FloatFormat.BF16, instruction);
        }
        LaneFunction one = switch (opcode) {
            case ABS, NEG, COPYSIGN, MIN, MAX -> SignFunctions.of(opcode, type, instruction, three);
            default -> rounded(opcode, FloatKind.of(type), instruction);
        };
        return switch (type) {
            case F16X2, BF16X2 -> one.onHalves();
            case F32X2 -> one.onWords();
            default -> one;
        };
    }

    private static LaneFunction rounded(Opcode opcode, FloatKind kind, Instruction instruction) throws InvalidCode {
        return switch (kind) {
            case F16 -> HalfFunctions.of(opcode, FloatFormat.F16, instruction);
            case BF16 -> HalfFunctions.of(opcode, FloatFormat.BF16, instruction);
            case F32 -> FloatFunctions.single(opcode, instruction);
            case F64 -> FloatFunctions.twice(opcode, instruction);
        };
    }
}
