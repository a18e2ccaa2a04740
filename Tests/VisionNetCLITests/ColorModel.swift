import VisionNet

/// A network that needs no training: it says which color an image has most of.
enum ColorModel {
  static let labels = ["red", "green", "blue, dark"]

  /// Means of the channels of an 8×8 image, in units that make the probabilities distinct.
  static func model(isForeign: Bool = false) throws -> Model {
    let builder = GraphBuilder()
    let image = try builder.image(height: 8, width: 8)
    let means = try builder.add(GlobalAveragePool(), image)
    try builder.output("logits", try builder.add(Flatten(), means))
    if isForeign { return Model(graph: builder.graph, parameters: Parameters()) }
    return Model(
      graph: builder.graph, parameters: Parameters(), labels: labels, preprocessing: try preprocessing())
  }

  static func preprocessing() throws -> Preprocessing {
    try Preprocessing(
      width: 8, height: 8, fit: .squash, filter: .box, channels: .rgb, scale: [0.02, 0.02, 0.02],
      mean: [0, 0, 0], deviation: [1, 1, 1])
  }

  /// Writes an image of one color.
  static func writeImage(_ red: UInt8, _ green: UInt8, _ blue: UInt8, to path: String) throws {
    let pixels = [[UInt8]](repeating: [red, green, blue], count: 12 * 9).flatMap { $0 }
    try Image(width: 12, height: 9, pixels: pixels).write(to: path)
  }
}

/// A folder with a model and images: `model.onnx`, `red.png`, `green.png`, `blue.jpg`, and `broken.png`.
struct ColorFolder {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try ColorModel.model().write(to: model)
    try ColorModel.writeImage(250, 10, 10, to: path("red.png"))
    try ColorModel.writeImage(10, 250, 10, to: path("green.png"))
    try ColorModel.writeImage(10, 10, 250, to: path("blue.jpg"))
    try folder.write("\u{7f}", to: "broken.png")
  }

  var model: String { path("model.onnx") }
  func path(_ name: String) -> String { folder.file(name) }

  func classify(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws
    -> Tool.Result
  {
    try Tool.run(["classify", "--offline", "-m", model] + arguments, input: input, environment: environment)
  }
}
