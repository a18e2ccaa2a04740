import VisionGraph
package import VisionImage
package import VisionModel
import VisionTensor

/// A detector with YuNet's outputs that takes white squares of 32 × 32 pixels for faces, where they cover a cell of its coarsest grid.
package enum FaceNetwork {
  /// Where the points lie in a face, as shares of its sides: those of a face that looks ahead.
  package static let points: [(x: Double, y: Double)] = [
    (0.25, 0.375), (0.75, 0.375), (0.5, 0.5), (0.3125, 0.75), (0.6875, 0.75),
  ]

  package static func model() throws -> Model {
    let builder = GraphBuilder()
    var parameters = Parameters()
    let x = try builder.input("input", dimensions: [.fixed(1), .fixed(3), .fixed(64), .fixed(64)])
    for stride in [8, 16, 32] {
      for (name, columns) in [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)] {
        let shape: Shape = [columns, 3, stride, stride]
        let weight: Float = columns == 1 && stride == 32 ? 1 / (3 * 32 * 32 * 255) : 0
        // Boxes have the cell's middle and its sides; points count from its corner.
        let bias: [Float] =
          columns == 4
          ? [0.5, 0.5, 0, 0] : columns == 10 ? points.flatMap { [Float($0.x), Float($0.y)] } : [0]
        let path = "\(name)_\(stride)"
        parameters["\(path)_weight"] = Tensor(
          [Float](repeating: weight, count: shape.elementCount), shape: shape)
        parameters["\(path)_bias"] = Tensor(bias, shape: [columns])
        let map = try builder.add(
          Conv(window: Window(kernel: [stride, stride], strides: [stride, stride])), x,
          builder.parameter("\(path)_weight", shape: shape, initializer: .zeros),
          builder.parameter("\(path)_bias", shape: [columns], initializer: .zeros))
        let rows = builder.constant(Tensor([Int64(1), -1, Int64(columns)]))
        let flat = try builder.add(
          Reshape(), builder.add(Transpose([0, 2, 3, 1]), map), rows, name: "out_\(path)")
        try builder.output(path, flat)
      }
    }
    return Model(graph: builder.graph, parameters: parameters)
  }

  /// A black image with white squares whose upper left pixels are given, in multiples of 32.
  package static func image(_ width: Int, _ height: Int, faces: [(x: Int, y: Int)]) throws(ImageError)
    -> Image
  {
    try Image(width: width, height: height) { pixels in
      pixels.update(repeating: 0)
      for face in faces {
        for y in face.y..<min(face.y + 32, height) {
          for x in face.x..<min(face.x + 32, width) {
            for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = 255 }
          }
        }
      }
    }
  }
}
