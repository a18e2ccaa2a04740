import VisionGraph
import VisionTensor

/// Boxes coded against anchors (Faster R-CNN): offsets of centers in parts of the anchor's sides, and logarithms of the
/// ratios of the sides, each multiplied by a weight. As torchvision's `BoxCoder`.
struct AnchorCodes {
  /// Center, width and height of each anchor, in pixels: A×4.
  var anchors: [Float]
  var centerWeight: Float = 1
  var sideWeight: Float = 1

  /// The largest logarithm of a ratio; larger codes are cut.
  private static let largest = Float(4.1351665567423561)  // log(1000 / 16)

  private var count: Int { anchors.count / 4 }

  /// The numbers `columns` of each anchor: A×2.
  private func column(_ columns: Range<Int>, _ builder: HeadBuilder) -> Value {
    builder.constant(
      anchors.indices.filter { columns.contains($0 % 4) }.map { anchors[$0] }, [count, 2])
  }

  func decode(_ codes: Value, _ builder: HeadBuilder) throws(GraphError) -> Value {
    func scaled(_ columns: Range<Int>, _ weight: Float) throws(GraphError) -> Value {
      let part = try builder.slice(codes, 2, columns)
      return weight == 1 ? part : try builder.apply(Div(), part, builder.scalar(weight))
    }
    let sides = column(2..<4, builder)
    let center = try builder.add(
      builder.multiply(scaled(0..<2, centerWeight), sides), column(0..<2, builder))
    let ratios = try builder.apply(
      Min(), scaled(2..<4, sideWeight), builder.scalar(Self.largest))
    return try builder.boxes(
      center: center, sides: builder.multiply(builder.apply(Exp(), ratios), sides))
  }
}
