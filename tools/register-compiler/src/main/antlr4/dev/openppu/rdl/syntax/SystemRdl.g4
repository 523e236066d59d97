/*
 * SystemRDL 2.0 (Accellera, January 2018), after its Annex B.
 *
 * The grammar accepts a little more than the standard where the semantic checks can then say precisely what is wrong:
 * instances and assignments may stand anywhere, and any identifier may be a property.
 */
grammar SystemRdl;

root: bodyElement* EOF;

bodyElement
    : componentDefinition ';'
    | explicitInstantiation ';'
    | propertyDefinition
    | enumDefinition ';'
    | structDefinition ';'
    | constraintDefinition ';'
    | dynamicAssignment ';'
    | localAssignment ';'
    ;

// ---- components

componentDefinition
    : instanceKind? componentType name=ID parameterDefinitions? componentBody (instanceKind? componentInstances)?
    | instanceKind? componentType componentBody (instanceKind? componentInstances)?
    ;

componentBody: '{' bodyElement* '}';

componentType: ADDRMAP | REGFILE | REG | FIELD | MEM | SIGNAL;

// What stands in parentheses is the older dialect's: the interface that another tool makes.
instanceKind: EXTERNAL interfaceOptions? | INTERNAL;

interfaceOptions: '(' ~')'* ')';

explicitInstantiation: instanceKind? (ALIAS alias=ID)? type=ID componentInstances;

componentInstances: parameterBindings? componentInstance (',' componentInstance)*;

componentInstance
    : ID (arraySuffix+ | rangeSuffix)? ('=' resetValue=expression)? ('@' address=expression)?
        ('+=' stride=expression)? ('%=' alignment=expression)?
    ;

arraySuffix: '[' expression ']';

rangeSuffix: '[' high=expression ':' low=expression ']';

parameterDefinitions: '#' '(' parameterDefinition (',' parameterDefinition)* ')';

parameterDefinition: dataType ID arrayMark? ('=' expression)?;

parameterBindings: '#' '(' parameterBinding (',' parameterBinding)* ')';

parameterBinding: '.' ID '(' expression ')';

// ---- types

dataType: basicType | componentType | ID;

basicType
    : (LONGINT | BIT) UNSIGNED?
    | NUMBER | STRING | BOOLEAN | REF
    | ACCESSTYPE | ADDRESSINGTYPE | ONREADTYPE | ONWRITETYPE
    ;

arrayMark: '[' ']';

enumDefinition: ENUM ID '{' enumEntry* '}';

enumEntry: ID ('=' expression)? ('{' (enumEntryProperty ';')* '}')? ';';

enumEntryProperty: ID '=' expression;

structDefinition: ABSTRACT? STRUCT name=ID (':' base=ID)? '{' (structMember ';')* '}';

structMember: dataType ID arrayMark?;

propertyDefinition: PROPERTY ID '{' propertyAttribute* '}' ';';

propertyAttribute
    : TYPE '=' dataType arrayMark? ';'                                   # propertyType
    | COMPONENT '=' propertyTarget ('|' propertyTarget)* ';'             # propertyTargets
    | DEFAULT '=' expression ';'                                         # propertyDefault
    | CONSTRAINT '=' COMPONENTWIDTH ';'                                  # propertyConstraint
    ;

propertyTarget: componentType | CONSTRAINT | ALL;

// Constraints are read over, with a warning: no code that is generated depends on one.
constraintDefinition
    : CONSTRAINT name=ID? '{' constraintElement* '}' (ID (',' ID)*)?
    ;

constraintElement
    : expression INSIDE ('{' constraintRange (',' constraintRange)* '}' | ID) ';'
    | localAssignment ';'
    | expression ';'
    ;

constraintRange: expression | '[' expression ':' expression ']';

// ---- property assignments

localAssignment
    : DEFAULT? INTERRUPT_MODIFIER+ ID
    | DEFAULT? propertyName ('=' assignmentValue)?
    ;

dynamicAssignment
    : instanceReference '->' (INTERRUPT_MODIFIER+ ID | propertyName ('=' assignmentValue)?)
    ;

// Access keywords double as property names (sw, hw, rclr, woset, …).
propertyName: ID | SW | HW | ACCESS_KEYWORD;

assignmentValue: expression;

// ---- expressions

expression
    : '(' expression ')'                                                 # parenthesised
    | width=expression '\'' '(' value=expression ')'                     # widthCast
    | op=('!' | '+' | '-' | '~' | '&' | '~&' | '|' | '~|' | '^' | '~^' | '^~') expression   # unary
    | <assoc=right> expression op='**' expression                        # binary
    | expression op=('*' | '/' | '%') expression                         # binary
    | expression op=('+' | '-') expression                               # binary
    | expression op=('<<' | '>>') expression                             # binary
    | expression op=('<' | '<=' | '>' | '>=') expression                 # binary
    | expression op=('==' | '!=') expression                             # binary
    | expression op='&' expression                                       # binary
    | expression op=('^' | '~^' | '^~') expression                       # binary
    | expression op='|' expression                                       # binary
    | expression op='&&' expression                                      # binary
    | expression op='||' expression                                      # binary
    | <assoc=right> expression '?' expression ':' expression             # ternary
    | basicType '\'' '(' expression ')'                                  # typeCast
    | '{' first=expression ('{' repeated+=expression (',' repeated+=expression)* '}'
        | (',' rest+=expression)*) '}'                                   # concatenation
    | '\'{' (expression (',' expression)*)? '}'                          # arrayLiteral
    | ID '\'{' (structEntry (',' structEntry)*)? '}'                     # structLiteral
    | ID '::' ID                                                         # enumLiteral
    | propertyOrInstanceReference                                        # reference
    | (INTEGER | SIZED_INTEGER)                                          # numberLiteral
    | STRING_LITERAL+                                                    # stringLiteral
    | (TRUE | FALSE)                                                     # booleanLiteral
    | (SW | HW | ACCESS_KEYWORD | ADDRESSING_KEYWORD)                    # keywordLiteral
    | THIS                                                               # thisLiteral
    ;

structEntry: ID ':' expression;

propertyOrInstanceReference: instanceReference ('->' propertyName)?;

instanceReference: instanceStep ('.' instanceStep)*;

instanceStep: ID arraySuffix*;

// ---- tokens

ABSTRACT: 'abstract';
ACCESSTYPE: 'accesstype';
ADDRESSINGTYPE: 'addressingtype';
ADDRMAP: 'addrmap';
ALIAS: 'alias';
ALL: 'all';
BIT: 'bit';
BOOLEAN: 'boolean';
COMPONENT: 'component';
COMPONENTWIDTH: 'componentwidth';
CONSTRAINT: 'constraint';
DEFAULT: 'default';
ENUM: 'enum';
EXTERNAL: 'external';
FALSE: 'false';
FIELD: 'field';
HW: 'hw';
INSIDE: 'inside';
INTERNAL: 'internal';
LONGINT: 'longint';
MEM: 'mem';
NUMBER: 'number';
ONREADTYPE: 'onreadtype';
ONWRITETYPE: 'onwritetype';
PROPERTY: 'property';
REF: 'ref';
REG: 'reg';
REGFILE: 'regfile';
SIGNAL: 'signal';
STRING: 'string';
STRUCT: 'struct';
SW: 'sw';
THIS: 'this';
TRUE: 'true';
TYPE: 'type';
UNSIGNED: 'unsigned';

ACCESS_KEYWORD
    : 'na' | 'rw' | 'wr' | 'r' | 'w' | 'rw1' | 'w1'
    | 'rclr' | 'rset' | 'ruser'
    | 'woset' | 'woclr' | 'wot' | 'wzs' | 'wzc' | 'wzt' | 'wclr' | 'wset' | 'wuser'
    ;
ADDRESSING_KEYWORD: 'compact' | 'regalign' | 'fullalign';
INTERRUPT_MODIFIER: 'posedge' | 'negedge' | 'bothedge' | 'level' | 'nonsticky';

SIZED_INTEGER: [0-9]+ '\'' [bBoOdDhH] [0-9a-fA-F_]+;
INTEGER: '0' [xX] [0-9a-fA-F_]+ | [0-9] [0-9_]*;
STRING_LITERAL: '"' ('\\' . | ~["\\])* '"';
ID: '\\'? [a-zA-Z_] [a-zA-Z0-9_]*;

LINE_COMMENT: '//' ~[\r\n]* -> skip;
BLOCK_COMMENT: '/*' .*? '*/' -> skip;
SPACE: [ \t\r\n\f\u00A0\uFEFF]+ -> skip;

// What has no end, or no digits: caught whole, so that one message says it.
OPEN_STRING: '"' ('\\' . | ~["\\])*;
OPEN_COMMENT: '/*' (~'*' | '*'+ ~[*/])* '*'*;
BAD_INTEGER: [0-9]+ '\'' [a-zA-Z0-9_]+;
UNEXPECTED: .;
