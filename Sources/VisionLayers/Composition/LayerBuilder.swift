public import VisionGraph

/// Turns a list of layers, with `if`, `else`, `switch` and `for`, into a `Sequential`.
///
/// The layers from a loop or condition are listed and numbered as if they had been written out.
@resultBuilder
public enum LayerBuilder {
  public static func buildExpression(_ layer: some Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ function: some UnaryElementwise) -> [any Layer] {
    [ElementwiseLayer(function)]
  }
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
  public static func buildFinalResult(_ layers: [any Layer]) -> Sequential { Sequential(layers) }
}
