public import VisionGraph

/// y = f(x) + s(x): layers whose output is added to their input or to the output of a shortcut.
///
/// He et al., "Deep Residual Learning for Image Recognition", 2015, section 3.2. The layers of f are named as in
/// `Sequential`, those of the shortcut below `shortcut`, or another name if one is given.
public struct Residual: Layer {
  /// f.
  public let main: Sequential
  /// s; the identity if it has no layers.
  public let shortcut: Sequential
  /// The path component of the shortcut's layers.
  public let shortcutName: String

  public init(
    shortcutName: String = "shortcut", @LayerBuilder _ main: () -> Sequential,
    @LayerBuilder shortcut: () -> Sequential = { Sequential([]) }
  ) {
    self.main = main()
    self.shortcut = shortcut()
    self.shortcutName = shortcutName
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let y = try main(x)
    let s = try shortcut.named(shortcutName)(x)
    guard y.shape == s.shape else {
      throw GraphError(
        .shape, "the layers give \(y.shape), the shortcut \(s.shape)", place: x.graph.path,
        remedy: "give Residual a shortcut that changes \(x.shape) alike")
    }
    return try x.graph.add(Add(), y, s, name: x.graph.path(to: "add"))
  }
}
