import VisionGraph

/// Arithmetic operators for building graphs: each appends an ONNX operator to the graph.
///
/// Shapes broadcast as in NumPy. All throw `GraphError` where shapes or element types do not fit.
extension Value {
  /// `Add`.
  public static func + (a: Value, b: Value) throws(GraphError) -> Value { try a.graph.add(Add(), a, b) }

  /// `Sub`.
  public static func - (a: Value, b: Value) throws(GraphError) -> Value { try a.graph.add(Sub(), a, b) }

  /// `Mul`, element by element.
  public static func * (a: Value, b: Value) throws(GraphError) -> Value { try a.graph.add(Mul(), a, b) }

  /// `Div`.
  public static func / (a: Value, b: Value) throws(GraphError) -> Value { try a.graph.add(Div(), a, b) }
}
