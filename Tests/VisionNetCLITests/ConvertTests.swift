import VisionImage
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ConvertTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  @Test func anImageIsWrittenInTheFormatOfTheName() throws {
    #expect(try Tool.run(["convert", colors.path("red.png"), colors.path("out.jpg")]).status == 0)
    #expect(try ImageInfo(contentsOf: colors.path("out.jpg")).format == .jpeg)
    #expect(try Tool.run(["convert", colors.path("out.jpg"), colors.path("back.png")]).status == 0)
    let (before, after) = (
      try Image(contentsOf: colors.path("out.jpg")), try Image(contentsOf: colors.path("back.png"))
    )
    #expect(before == after)
  }

  @Test func failuresAreToldByTheExitCode() throws {
    let target = colors.path("out.png")
    #expect(try Tool.run(["convert", colors.path("none.png"), target]).status == 66)
    #expect(try Tool.run(["convert", colors.path("broken.png"), target]).status == 65)
    #expect(try Tool.run(["convert", colors.path("red.png"), colors.path("out.gif")]).status == 64)
    #expect(try Tool.run(["convert", colors.path("red.png"), colors.path("no/such/out.png")]).status == 74)
    #expect(try Tool.run(["convert", colors.path("red.png")]).status == 64)
  }

  @Test func damagedImagesAreShownOnlyWhenAsked() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: colors.path("red.png")))
    let cut = colors.path("cut.png")
    try whole.dropLast(20).write(to: URL(fileURLWithPath: cut))
    let target = colors.path("cut-out.png")
    #expect(try Tool.run(["convert", cut, target]).status == 65)
    let shown = try Tool.run(["convert", "--allow-truncated", cut, target])
    #expect(shown.status == 0)
    #expect(shown.messages.contains("cut.png: the PNG is damaged"))
    #expect(try Image(contentsOf: target).width == Image(contentsOf: colors.path("red.png")).width)
    let labeled = try Tool.run(["classify", "--allow-truncated", "--model", colors.model, cut])
    #expect(labeled.status == 0)
    #expect(labeled.messages.contains("cut.png: the PNG is damaged"))
    #expect(try Tool.run(["classify", "--model", colors.model, cut]).status == 65)
  }

  @Test func anImageThatIsCutShortNamesTheWayOut() throws {
    let noise = (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    try Image(width: 64, height: 64, pixels: noise).write(to: colors.path("noise.jpg"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: colors.path("noise.jpg")))
    let cut = colors.path("cut.jpg")
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
    for arguments in [
      ["convert", cut, colors.path("out.png")], ["classify", "-m", colors.model, cut],
      ["preprocess", cut, "-m", colors.model, "-o", colors.path("out.png")],
    ] {
      let result = try Tool.run(arguments)
      #expect(result.status == 65 && result.messages.contains("--allow-truncated"), "\(result.messages)")
    }
    // Where nothing but a part of the header is left, it would not help.
    try whole.prefix(30).write(to: URL(fileURLWithPath: cut))
    let header = try Tool.run(["convert", cut, colors.path("out.png")])
    #expect(header.status == 65 && !header.messages.contains("--allow-truncated"), "\(header.messages)")
  }

  @Test func preprocessWritesWhatTheNetworkSees() throws {
    let seen = colors.path("seen.png")
    #expect(
      try Tool.run(["preprocess", colors.path("red.png"), "--model", colors.model, "--output", seen]).status
        == 0)
    let image = try Image(contentsOf: seen)
    #expect(image.width == 8 && image.height == 8)
    #expect(Array(image.pixels[..<3]) == [250, 10, 10])
  }

  @Test func preprocessKnowsPublishedModelsWithoutTheirWeights() throws {
    let cache = try TemporaryFolder()
    let seen = colors.path("seen.png")
    let result = try Tool.run(
      ["preprocess", colors.path("red.png"), "--model", "efficientnet-lite1", "--output", seen],
      environment: ["XDG_CACHE_HOME": cache.path])
    #expect(result.status == 0)
    #expect(try Image(contentsOf: seen).width == 240)
  }
}
