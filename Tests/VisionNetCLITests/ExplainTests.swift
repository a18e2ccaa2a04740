import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ExplainTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  private func explain(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["explain", "--offline", "-m", colors.model] + arguments)
  }

  /// An image whose right half is red and whose left half is black.
  private func writeHalf(to path: String) throws {
    let row = [UInt8](repeating: 0, count: 24 * 3) + (0..<24).flatMap { _ in [250, 0, 0] as [UInt8] }
    try Image(width: 48, height: 24, pixels: (0..<24).flatMap { _ in row }).write(to: path)
  }

  @Test func theColorLiesWhereTheLabelIs() throws {
    let (half, heat) = (colors.path("half.png"), colors.path("heat.png"))
    try writeHalf(to: half)
    let result = try explain(half, "-o", heat)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("red 0."))
    #expect(result.output.hasSuffix("  \(heat)\n"))
    #expect(result.messages.contains("gray is none\n"), "the network sees the whole image")
    let image = try Image(contentsOf: heat)
    #expect(image.width == 48 && image.height == 24)
    func pixel(_ x: Int) -> [Int] { (0..<3).map { Int(image.pixels[(12 * 48 + x) * 3 + $0]) } }
    #expect(pixel(5) == [0, 0, 0])
    #expect(pixel(42)[0] > 150 && pixel(42)[0] - pixel(42)[2] > 40)
  }

  @Test func severalLabelsGetAnImageEach() throws {
    let result = try explain(colors.path("green.png"), "-k", "2", "-o", colors.path("heat.jpg"))
    #expect(result.status == 0)
    #expect(result.lines.count == 2)
    #expect(result.lines[0].hasPrefix("green ") && result.lines[0].hasSuffix("heat-1.jpg"))
    for rank in 1...2 { #expect(try Image(contentsOf: colors.path("heat-\(rank).jpg")).width == 12) }
  }

  @Test func aLabelCanBeNamed() throws {
    let heat = colors.path("heat.png")
    let result = try explain(colors.path("green.png"), "--class", "Blue, dark", "-o", heat)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("blue, dark 0."))
    #expect(result.messages.contains("gray is none\n"))
    let unknown = try explain(colors.path("green.png"), "--class", "gren", "--force", "-o", heat)
    #expect(unknown.status == 64)
    #expect(unknown.messages.contains("'green'"))
  }

  @Test func whatCannotBeExplainedIsSaid() throws {
    let heat = colors.path("heat.png")
    #expect(try explain(colors.path("none.png"), "-o", heat).status == 66)
    #expect(try explain(colors.path("broken.png"), "-o", heat).status == 65)
    #expect(try explain(colors.path("red.png"), "-o", colors.path("heat.gif")).status == 64)
    #expect(try explain(colors.path("red.png"), "-o", colors.path("no/heat.png")).status == 74)
    #expect(try explain(colors.path("red.png"), "-k", "1", "--class", "red").status == 64)
    #expect(!FileManager.default.fileExists(atPath: heat))
  }

  @Test func theModelAndTheImageStayAsTheyAre() throws {
    let image = colors.path("red.png")
    let result = try explain(image, "-o", image)
    #expect(result.status == 64)
    #expect(result.messages.contains("would be overwritten"))
    #expect(try Image(contentsOf: image).pixels[0] == 250)
  }
}
