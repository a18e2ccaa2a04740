import VisionSystem
import VisionTensor

/// A tensor with one or three spatial axes, and the images that it is.
struct PlanarShape {
  private let shape: Shape

  init(_ shape: Shape) { self.shape = shape }

  static func fits(_ shape: Shape) -> Bool {
    (shape.rank == 3 || shape.rank == 5) && shape.dimensions.allSatisfy { $0 > 0 }
  }

  /// Whether there are frames.
  var isDeep: Bool { shape.rank == 5 }
  var samples: Int { shape[0] }
  var depth: Int { shape[2] }

  private var images: Shape {
    isDeep
      ? [shape[0] * shape[2], shape[1], shape[3], shape[4]] : [shape[0], shape[1], 1, shape[2]]
  }

  func make(_ value: ValueID, name: String, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID {
    var value = value
    if isDeep {
      value = try rewriter.emit(Transpose([0, 2, 1, 3, 4]), [value], name: "\(name).frames first")[0]
    }
    return try Self.reshape(value, to: images, name: "\(name).images", &rewriter)
  }

  func restore(_ images: ValueID, name: String, _ rewriter: inout GraphRewriter) throws(GraphError)
    -> ValueID
  {
    guard isDeep else { return try Self.reshape(images, to: shape, name: "\(name).row", &rewriter) }
    let frames = try Self.reshape(
      images, to: [shape[0], shape[2], shape[1], shape[3], shape[4]], name: "\(name).frames", &rewriter)
    return try rewriter.emit(Transpose([0, 2, 1, 3, 4]), [frames], name: "\(name).channels first")[0]
  }

  static func reshape(
    _ value: ValueID, to shape: Shape, name: String, _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> ValueID {
    let extents = rewriter.constant(Tensor(shape.map { Int64($0) }), name: "\(name).shape")
    return try rewriter.emit(Reshape(), [value, extents], name: name)[0]
  }
}
