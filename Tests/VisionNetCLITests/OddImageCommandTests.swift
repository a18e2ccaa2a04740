import Foundation
import Testing
import VisionNet

/// Files that are odd, deep or of another format, on the command line.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct OddImageCommandTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  /// A PNG without its last chunk.
  private func odd() throws -> String {
    let path = colors.path("odd.png")
    try Data(contentsOf: URL(fileURLWithPath: colors.path("red.png"))).dropLast(12)
      .write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func oddFilesAreReadWithAWordOrRefused() throws {
    let (odd, target) = (try odd(), colors.path("odd-out.png"))
    let shown = try Tool.run(["convert", odd, target])
    #expect(shown.status == 0)
    #expect(shown.messages.contains("odd.png: the PNG is not as it should be, though every pixel is there"))
    #expect(try Image(contentsOf: target) == Image(contentsOf: colors.path("red.png")))
    let refused = try Tool.run(["convert", "--force", "--strict-decoding", odd, target])
    #expect(refused.status == 65 && refused.messages.contains("though every pixel is there"))
    let labeled = try Tool.run(["classify", "--model", colors.model, odd])
    #expect(labeled.status == 0 && labeled.messages.contains("odd.png: the PNG is not as it should be"))
    #expect(try Tool.run(["classify", "--strict-decoding", "--model", colors.model, odd]).status == 65)
  }

  @Test func levelsOutsideTheirRangeAreAUsageError() throws {
    let target = colors.path("out.png")
    for levels in [["--black", "5", "--white", "5"], ["--white", "70000"], ["--black", "-1"]] {
      #expect(try Tool.run(["convert", colors.path("red.png"), target] + levels).status == 64, "\(levels)")
    }
    #expect(try Tool.run(["convert", colors.path("red.png"), target, "--white", "4095"]).status == 0)
    #expect(try Image(contentsOf: target) == Image(contentsOf: colors.path("red.png")))
  }

  @Test func imagesOfOtherFormatsAreFoundInFoldersByContent() throws {
    let folder = colors.path("formats")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // A BMP of one red pixel, under a name that says nothing.
    let header: [UInt8] = [
      0x42, 0x4d, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0,
    ]
    let bmp = header + [UInt8](repeating: 0, count: 24) + [0, 0, 255, 0]
    try Data(bmp).write(to: URL(fileURLWithPath: folder + "/photo"))
    try Data("BM, a text".utf8).write(to: URL(fileURLWithPath: folder + "/text"))
    let result = try Tool.run(["classify", "--format", "csv", "--model", colors.model, folder])
    #expect(result.status == 0)
    #expect(result.output.contains("formats/photo") && !result.output.contains("formats/text"))
    let inspected = try Tool.run(["inspect", "--format", "json", folder + "/photo"])
    #expect(
      inspected.output.contains("\"format\": \"bmp\"") || inspected.output.contains("\"format\":\"bmp\""))
  }
}
