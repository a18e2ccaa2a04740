import VisionTensor

/// What a part of a graph may look like; the data that patterns are made of.
package indirect enum Form: Sendable {
  /// Any value. Equal names stand for one value.
  case value(String)
  /// A constant with one element, of any size.
  case scalar(String)
  /// A constant whose elements are all close to a number.
  case number(Double)
  /// The result of a form, which the name stands for from there on.
  case named(String, Form)
  /// The result of a node of one of the operators with these inputs; further inputs must be absent or constants.
  case node(String, [any Operator.Type], [Form])
  /// The product of the forms, in any order and grouping. What is divided by a constant is multiplied by its inverse.
  case product([Form])
  /// The sum of the forms, in any order and grouping.
  case sum([Form])
  /// The first of the forms that fits.
  case either([Form])
}

extension Form {
  /// The result of a node whose attributes do not matter.
  static func node(_ type: any Operator.Type, _ inputs: Form...) -> Form { .node("", [type], inputs) }

  /// The square of a value.
  static func square(_ form: Form) -> Form {
    .either([.node(Pow.self, form, .number(2)), .node(Mul.self, form, form)])
  }
}
