import Foundation
import VisionNet

/// A classifier file of which everyone can say what it answers: how bright the red of an image is, `dark` or `light`.
struct TestModel {
  let path: String

  /// - Parameter labels: what it calls dark and light.
  init(labels: [String] = ["dark", "light"]) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("service-\(UUID()).onnx").path
    try Self.model(labels).write(to: path)
  }

  /// Puts another model into its place, as one should: written beside it and renamed.
  func replace(labels: [String]) throws {
    try Self.model(labels).write(to: path + ".new")
    guard rename(path + ".new", path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  private static func model(_ labels: [String]) throws -> Model {
    let builder = GraphBuilder()
    let image = try builder.image(height: 8, width: 8)
    let mean = try builder.add(Flatten(), builder.add(GlobalAveragePool(), image))
    var parameters = Parameters()
    parameters["w"] = Tensor([Float(-1), 1, 0, 0, 0, 0], shape: [3, 2])
    let scores = try builder.add(
      MatMul(), mean, builder.parameter("w", shape: [3, 2], initializer: .zeros))
    try builder.output("logits", scores)
    let preprocessing = try Preprocessing(
      width: 8, height: 8, fit: .squash, filter: .box, channels: .rgb, scale: [0.02, 0.02, 0.02],
      mean: [2.55, 2.55, 2.55], deviation: [1, 1, 1])
    return Model(graph: builder.graph, parameters: parameters, labels: labels, preprocessing: preprocessing)
  }

  /// An image of one color, as PNG.
  static func png(_ width: Int, _ height: Int, red: UInt8) throws -> [UInt8] {
    try Image(width: width, height: height) { pixels in
      for index in pixels.indices { pixels[index] = index % 3 == 0 ? red : 7 }
    }.pngData()
  }
}
