import VisionGraph
import VisionImage
import VisionModel
import VisionNet
import VisionTensor

/// Networks of which everyone can say what they answer.
enum ServedNetworks {
  /// A detector that finds the middle of each image, as red or as blue as it is.
  static func detector() throws -> Model {
    let builder = GraphBuilder()
    let image = try builder.input("image", dimensions: [1, 3, 8, 8].map { .fixed($0) })
    let means = try builder.add(GlobalAveragePool(), image)
    let ends = try builder.add(
      Gather(axis: 1), means, builder.constant(Tensor([0, 2] as [Int64]), name: "ends"))
    let shape = builder.constant(Tensor([1, 1, 2] as [Int64]), name: "shape")
    try builder.output(
      "boxes", builder.constant(Tensor([2, 2, 6, 4] as [Float], shape: [1, 1, 4]), name: "middle"))
    try builder.output("scores", try builder.add(Reshape(), ends, shape))
    var detector = Model(
      graph: builder.graph, parameters: Parameters(), labels: ["red", "blue"],
      preprocessing: try Preprocessing(
        width: 8, height: 8, fit: .squash, scale: [1 / 256.0, 1 / 256.0, 1 / 256.0]))
    detector.signature = Signature(
      task: "detection", inputs: ["image"],
      outputs: [.init(OutputRole(kind: "boxes")), .init(OutputRole(kind: "scores"))],
      classes: ["red", "blue"])
    return detector
  }

  /// An image of one color, as PNG.
  static func png(_ width: Int, _ height: Int, _ color: [UInt8]) throws -> [UInt8] {
    try Image(width: width, height: height) { pixels in
      for index in pixels.indices { pixels[index] = color[index % 3] }
    }.pngData()
  }
}
