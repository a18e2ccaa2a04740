import VisionGraph

/// Arithmetic while a graph is built: each appends the ONNX operator of that name.
///
/// Shapes broadcast as NumPy's do. All throw `GraphError` where shapes or element types do not fit.
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
