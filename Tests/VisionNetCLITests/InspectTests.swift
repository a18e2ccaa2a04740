import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct InspectTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  private func object(_ result: Tool.Result) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test func anImageShowsFormatSizeAndOrientation() throws {
    let result = try Tool.run(["inspect", colors.path("blue.jpg")])
    #expect(result.status == 0)
    #expect(result.output.contains("JPEG"))
    #expect(result.output.contains("12 × 9"))
    #expect(result.output.contains("upright"))
    let json = try object(try Tool.run(["inspect", "--format", "json", colors.path("red.png")]))
    #expect(json["format"] as? String == "png")
    #expect(json["width"] as? Int == 12)
    #expect(json["orientation"] as? Int == 1)
  }

  @Test func aModelShowsLayersTotalsLabelsAndPreprocessing() throws {
    let result = try Tool.run(["inspect", colors.model])
    #expect(result.status == 0)
    for part in [
      "GlobalAveragePool", "Flatten", "parameters", "MFLOP", "N×3×8×8", "3: red, green, blue, dark",
    ] {
      #expect(result.output.contains(part), "\(part) is missing")
    }
    let json = try object(try Tool.run(["inspect", "--format", "json", colors.model]))
    #expect(json["labels"] as? [String] == ColorModel.labels)
    #expect((json["preprocessing"] as? [String: Any])?["width"] as? Int == 8)
    #expect((json["layers"] as? [[String: Any]])?.count == 2)
  }

  @Test func anArchitectureNeedsNoFile() throws {
    let result = try Tool.run(["inspect", "lenet5"])
    #expect(result.status == 0)
    #expect(result.output.contains("LeNet-5"))
  }

  @Test func whatIsNothingIsToldByItsExitCode() throws {
    #expect(try Tool.run(["inspect", colors.path("none.png")]).status == 66)
    #expect(try Tool.run(["inspect", "neither-file-nor-model"]).status == 66)
    #expect(try Tool.run(["inspect", colors.path("broken.png")]).status == 65)
    try colors.folder.write("hello", to: "text")
    #expect(try Tool.run(["inspect", colors.path("text")]).status == 65)
    #expect(try Tool.run(["inspect"]).status == 64)
  }
}
