import VisionGraph
import VisionTensor

@testable import VisionModel

/// Networks that give the same numbers for every image, and what their heads make of these.
enum DetectorFixture {
  /// A network for images 1×3×`height`×`width` with constant outputs.
  static func model(
    height: Int, width: Int, _ outputs: [(name: String, tensor: Tensor)], labels: [String] = [],
    metadata: [(key: String, value: String)] = []
  ) throws -> Model {
    let builder = GraphBuilder()
    _ = try builder.input(
      "image", dimensions: [.fixed(1), .fixed(3), .fixed(height), .fixed(width)])
    for (name, tensor) in outputs {
      try builder.output(name, builder.add(Identity(), builder.constant(tensor), name: name))
    }
    return Model(graph: builder.graph, parameters: Parameters(), labels: labels, metadata: metadata)
  }

  static func zeros(_ shape: Shape) -> Tensor {
    Tensor([Float](repeating: 0, count: shape.elementCount), shape: shape)
  }

  /// Zeros, but for some rows of the second axis.
  static func rows(_ count: Int, _ columns: Int, _ rows: [Int: [Float]] = [:]) -> Tensor {
    var numbers = [Float](repeating: 0, count: count * columns)
    for (row, values) in rows {
      for (column, value) in values.enumerated() { numbers[row * columns + column] = value }
    }
    return Tensor(numbers, shape: [1, count, columns])
  }

  /// The boxes, scores and points that a detector gives.
  static func decoded(_ model: Model, _ kind: DetectorKind? = nil) throws -> [String: Tensor] {
    let detector = try ForeignDetector(model, head: kind).model
    let graph = detector.graph
    let image = zeros(graph.fact(graph.inputs[0]).shape)
    return try Interpreter(graph, parameters: detector.parameters).run(["image": image])
  }

  /// The numbers of a place.
  static func row(_ tensor: Tensor?, _ place: Int) -> [Float] {
    guard let tensor else { return [] }
    let columns = tensor.elementCount / tensor.shape[1]
    return Array(tensor.floats[place * columns..<(place + 1) * columns])
  }

  static func isNear(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 + 2e-6 * abs($1) }
  }
}
