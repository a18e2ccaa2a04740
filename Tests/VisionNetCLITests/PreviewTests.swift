import VisionImage
import Foundation
import Testing
import VisionNet

@testable import VisionNetCLI

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct PreviewTests {
  let folder: TemporaryFolder

  /// Two classes of images of one color each, 40 × 40 pixels.
  init() throws {
    folder = try TemporaryFolder()
    for (label, color) in [("Äpfel", [200, 20, 20]), ("leaves", [20, 160, 20])] as [(String, [UInt8])] {
      try FileManager.default.createDirectory(
        atPath: folder.file("data/\(label)"), withIntermediateDirectories: true)
      for number in 0..<3 {
        let image = try Image(width: 40, height: 40) { pixels in
          for index in pixels.indices { pixels[index] = color[index % 3] + UInt8(number) }
        }
        try image.write(to: folder.file("data/\(label)/\(number).png"))
      }
    }
  }

  private func preview(_ arguments: String..., to name: String = "sheet.png") throws -> Tool.Result {
    try Tool.run(["preview", folder.file("data"), "--force", "-o", folder.file(name)] + arguments)
  }

  /// How often each color occurs.
  private func colors(_ name: String) throws -> [[UInt8]: Int] {
    let pixels = try Image(contentsOf: folder.file(name)).pixels
    var counts: [[UInt8]: Int] = [:]
    for index in stride(from: 0, to: pixels.count, by: 3) {
      counts[Array(pixels[index..<index + 3]), default: 0] += 1
    }
    return counts
  }

  @Test func aSheetShowsEachClassBeforeAndAfter() throws {
    let result = try preview("--augment", "none", "--count", "3")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.lines == [folder.file("sheet.png")])
    // Cells are enlarged by 3: four of 120 × 120 pixels a row, all the same.
    let counts = try colors("sheet.png")
    for base in [[200, 20, 20], [20, 160, 20]] as [[UInt8]] {
      let shown = (0..<3).compactMap { number in counts[base.map { $0 + UInt8(number) }] }
      #expect(shown == [4 * 120 * 120])
    }
  }

  @Test func augmentationChangesAllButTheFirst() throws {
    #expect(
      try preview("--augment", "colorJitter(brightness: 0.5, saturation: 0)", "--count", "5").status == 0)
    let counts = try colors("sheet.png").filter { $0.value >= 120 * 120 && $0.key != [255, 255, 255] }
    // Two originals and five variants each.
    #expect(counts.values.reduce(0) { $0 + $1 / (120 * 120) } == 12)
    #expect(counts.count > 8)
  }

  @Test func theSeedAloneDecides() throws {
    func bytes(_ name: String, _ seed: String) throws -> Data {
      #expect(try preview("--augment", "strong", "--seed", seed, to: name).status == 0)
      return try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    }
    let first = try bytes("a.png", "4")
    #expect(try bytes("b.png", "4") == first)
    #expect(try bytes("c.png", "5") != first)
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    #expect(try preview("--augment", "wild").status == 64)
    #expect(try preview("--augment", "rotation(degrees: 400)").messages.contains("degrees"))
    #expect(try preview(to: "sheet.gif").status == 64)
    #expect(try preview("--count", "99").status == 64)
    #expect(try Tool.run(["preview", folder.file("none")]).status == 66)
    try folder.write("no image", to: "data/leaves/0.png")
    try folder.write("no image", to: "data/leaves/1.png")
    for seed in 0..<3 {
      let result = try preview("--seed", "\(seed)")
      #expect([0, 2].contains(result.status))
      #expect((result.status == 2) == result.messages.contains("skipped"))
    }
    try folder.write("no image", to: "data/leaves/2.png")
    #expect(try preview().status == 2)
  }

  @Test func severalLabelsAreRefusedWhereOneIsNeeded() throws {
    try folder.write("leaves/0.png,leaf;green\nÄpfel/0.png,apple\n", to: "data/t.csv")
    let table = folder.file("data/t.csv")
    let model = folder.file("tiny.onnx")
    #expect(try Tool.sample("WriteNetwork", ["tiny", model]).status == 0)
    for arguments in [
      ["train", table, "--validation", "0"], ["evaluate", model, table],
    ] {
      let result = try Tool.run(arguments)
      #expect(result.status == 65)
      #expect(result.messages.contains("leaves/0.png") && result.messages.contains("'green', 'leaf'"))
    }
    #expect(try Tool.run(["preview", table, "-o", folder.file("t.png")]).status == 0)
  }

  @Test func textIsBrokenAndCut() throws {
    func width(_ text: String) -> Double { DrawnText.width(of: text, capitals: 11) }
    #expect(width("abc") > width("ab") && width("ab") > 8 && width("ab") < 30)
    let line = Int(width("ab cd").rounded(.up))
    #expect(DrawnText.lines(of: "ab cd ef", width: line, capitals: 11) == ["ab cd", "ef"])
    #expect(DrawnText.cut("abcdefgh", to: line, capitals: 11).hasSuffix("…"))
    #expect(DrawnText.cut("ab", to: line, capitals: 11) == "ab")
    // A T: a bar above, a stem in the middle, and nothing below the base line.
    let paper = try Image(width: 24, height: 24, pixels: [UInt8](repeating: 255, count: 24 * 24 * 3))
    let ink = RGBColor(red: 0, green: 0, blue: 0)
    let pixels = try paper.written([DrawnText("T", x: 2, baseLine: 20, capitals: 16, ink)]).pixels
    func darkness(_ row: Int) -> Int {
      let line: [UInt8] = Array(pixels[row * 72..<row * 72 + 72])
      return line.reduce(0) { $0 + 255 - Int($1) } / 3
    }
    #expect(darkness(5) > 3 * darkness(12) && darkness(12) > 200)
    #expect(darkness(22) == 0 && darkness(1) == 0)
  }
}
