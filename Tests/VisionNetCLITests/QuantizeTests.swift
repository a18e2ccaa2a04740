import VisionGraph
import Foundation
import Testing
import VisionNet

@testable import VisionNetCLI

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct QuantizeTests {
  let colors: ColorFolder

  init() throws {
    colors = try ColorFolder()
    let builder = GraphBuilder()
    let image = try builder.image(height: 8, width: 8)
    let w = try builder.parameter("w", shape: [3, 3, 1, 1], initializer: .zeros)
    let means = try builder.add(
      GlobalAveragePool(), builder.add(Conv(window: Window(kernel: [1, 1])), image, w))
    try builder.output("logits", try builder.add(Flatten(), means))
    var parameters = Parameters()
    parameters["w"] = Tensor([1, 0, 0, 0, 0.9, 0.1, 0, 0, 1.1] as [Float], shape: [3, 3, 1, 1])
    let model = Model(
      graph: builder.graph, parameters: parameters, labels: ColorModel.labels,
      preprocessing: try ColorModel.preprocessing())
    try model.write(to: colors.model)
    try FileManager.default.createDirectory(
      atPath: colors.path("images/Red"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: colors.path("images/green"), withIntermediateDirectories: true)
    try ColorModel.writeImage(250, 10, 10, to: colors.path("images/Red/1.png"))
    try ColorModel.writeImage(200, 30, 90, to: colors.path("images/Red/2.png"))
    try ColorModel.writeImage(20, 250, 90, to: colors.path("images/green/1.png"))
  }

  private func quantize(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(
      ["quantize", "--offline", colors.model, colors.path("images"), "-o", colors.path("q.onnx")]
        + arguments)
  }

  @Test func writesAModelThatClassifies() throws {
    let result = try quantize("--images", "2", "--json")
    #expect(result.status == 0, "\(result.messages)")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let figures = try #require(report?["quantization"] as? [String: Any])
    #expect(figures["top1Before"] as? Double == 1)
    #expect(figures["top1After"] as? Double == 1)
    #expect(figures["calibrationImages"] as? Int == 2)
    #expect(figures["testImages"] as? Int == 1)
    let answer = try Tool.run([
      "classify", "--offline", "-m", colors.path("q.onnx"), colors.path("green.png"),
    ])
    #expect(answer.status == 0 && answer.output.contains("green"))
    let report2 = try Tool.run(["inspect", colors.path("q.onnx")])
    #expect(report2.output.contains("quantized      ranges by "))
  }

  @Test func saysWhatItCost() throws {
    let result = try quantize("--method", "minmax", "--images", "2", "-q")
    #expect(result.status == 0 && result.messages.isEmpty)
    #expect(result.lines[0] == colors.path("q.onnx"))
    #expect(result.lines.contains("ranges      by minmax, on 2 images"))
    #expect(result.lines.contains("top-1       100 % before, 100 % after"))
  }

  @Test func tellsOfImagesThatCannotBeRead() throws {
    try colors.folder.write("\u{7f}", to: "images/green/broken.png")
    let result = try quantize()
    #expect(result.status == 2)
    #expect(result.messages.contains("broken.png"))
    #expect(FileManager.default.fileExists(atPath: colors.path("q.onnx")))
  }

  @Test func refusesBadArguments() throws {
    #expect(try quantize("--images", "0").status == 64)
    #expect(try quantize("--method", "best").status == 64)
    #expect(try Tool.run(["quantize", "--offline", colors.model, colors.path("none")]).status == 66)
    #expect(
      try Tool.run(["quantize", "--offline", colors.path("none.onnx"), colors.path("images")]).status == 66)
    _ = try quantize()
    let twice = try Tool.run(["quantize", "--offline", colors.path("q.onnx"), colors.path("images")])
    #expect(twice.status == 65 && twice.messages.contains("quantized already"))
  }

  @Test func theFileIsNamedAfterTheModel() {
    #expect(Quantize.target(for: "models/dogs.onnx") == "dogs-int8.onnx")
    #expect(Quantize.target(for: "efficientnet-lite0") == "efficientnet-lite0-int8.onnx")
  }
}
