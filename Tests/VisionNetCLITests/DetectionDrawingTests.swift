import Foundation
import Testing
import VisionData
import VisionImage
import VisionTasks

@testable import VisionNetCLI

@Suite struct DetectionDrawingTests {
  private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("draw-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains(".") }.sorted()
  }

  private func flags(_ arguments: [String]) throws -> DrawingFlags { try DrawingFlags.parse(arguments) }

  private let found = [
    Detection(label: "dog", index: 0, score: 0.9, box: Box(x: 4, y: 5, width: 20, height: 10)),
    Detection(label: "a/b", index: 1, score: 0.8, box: Box(x: 0, y: 0, width: 8, height: 30)),
  ]

  @Test func imagesOfOneNameDoNotOverwriteEachOther() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let image = try Image(width: 64, height: 48) { $0.update(repeating: 90) }
    let paths = ["\(root)/a/x.jpg", "\(root)/b/x.jpg", "\(root)/b/X.png", "\(root)/b/x-2.webp"].map {
      FilePath($0)
    }
    let drawing = try #require(
      try DetectionDrawing(
        flags(["--draw", "\(root)/new/drawn", "--crops", "\(root)/crops"]), options: ImageOptions()))
    for path in paths { try drawing.expect(path) }
    // Whichever thread is first, the names are those of the order of the paths.
    for path in paths.reversed() { try drawing.visit(path, image, found) }
    #expect(try files("\(root)/new/drawn") == ["X-3.png", "x-2-2.jpg", "x-2.jpg", "x.jpg"])
    #expect(
      try files("\(root)/crops")
        == [
          "a_b/X-3-2.png", "a_b/x-2-2-2.jpg", "a_b/x-2-2.jpg", "a_b/x-2.jpg", "dog/X-3-1.png",
          "dog/x-1.jpg", "dog/x-2-1.jpg", "dog/x-2-2-1.jpg",
        ].sorted())
    let crop = try Image(contentsOf: "\(root)/crops/dog/X-3-1.png")
    #expect(crop.width == 20 && crop.height == 10 && crop.pixels.allSatisfy { $0 == 90 })
    let drawn = try Image(contentsOf: "\(root)/new/drawn/X-3.png")
    #expect(drawn.width == 64 && drawn != image)
  }

  @Test func imagesAreNotOverwritten() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let drawing = try #require(
      try DetectionDrawing(flags(["--draw", "\(root)/."]), options: ImageOptions()))
    #expect(throws: CommandError.self) { try drawing.expect(FilePath("\(root)/x.jpg")) }
    #expect(try DetectionDrawing(flags([]), options: ImageOptions()) == nil)
  }

  @Test func filesOfEarlierCallsStay() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let image = try Image(width: 64, height: 48) { $0.update(repeating: 90) }
    let path = FilePath("\(root)/a/x.png")
    func draw(_ arguments: String..., expecting: Bool = true) throws {
      let drawing = try #require(try DetectionDrawing(flags(arguments), options: ImageOptions()))
      if expecting { try drawing.expect(path) }
      try drawing.visit(path, image, found)
    }
    try draw("--draw", "\(root)/drawn", "--crops", "\(root)/crops")
    let first = try Data(contentsOf: URL(fileURLWithPath: "\(root)/drawn/x.png"))
    #expect(throws: CommandError.self) { try draw("--draw", "\(root)/drawn") }
    #expect(throws: CommandError.self) { try draw("--draw", "\(root)/drawn", expecting: false) }
    #expect(throws: CommandError.self) { try draw("--crops", "\(root)/crops/") }
    try image.write(to: "\(root)/drawn/x.png")
    try draw("--draw", "\(root)/drawn", "--crops", "\(root)/crops", "--force")
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(root)/drawn/x.png")) == first)
  }

  @Test func whatWasSeenSmallerIsDrawnWhole() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: "\(root)/in", withIntermediateDirectories: true)
    let image = try Image(width: 640, height: 480) { $0.update(repeating: 90) }
    try image.write(to: "\(root)/in/x.jpg")
    let preprocessing = Preprocessing.imageNet(64).decoding(.scaled)
    let small = try Image(
      contentsOf: "\(root)/in/x.jpg", options: ImageOptions(preprocessing: preprocessing))
    #expect(small.width < 640 && small.wholeWidth == 640)
    let drawing = try #require(
      try DetectionDrawing(flags(["--draw", "\(root)/out"]), options: ImageOptions()))
    let path = FilePath("\(root)/in/x.jpg")
    try drawing.expect(path)
    try drawing.visit(path, small, found)
    #expect(try Image(contentsOf: "\(root)/out/x.jpg").width == 640)
  }
}
