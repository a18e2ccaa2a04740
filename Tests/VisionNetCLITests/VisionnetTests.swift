import VisionCompute
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct VisionnetTests {
  @Test func theVersionNamesTheInstructionSet() throws {
    let result = try Tool.run(["--version"])
    #expect(result.status == 0)
    #expect(result.lines.first == "visionnet 0.1.0 (instruction set \(InstructionSet.preferred.rawValue))")
    let forced = try Tool.run(["--version"], environment: ["VISIONNET_ISA": "portable"])
    #expect(forced.lines.first == "visionnet 0.1.0 (instruction set portable)")
  }

  @Test func theVersionTellsBuildInstructionSetsAndLibraries() throws {
    let lines = try Tool.run(["--version"]).lines
    #expect(lines.count == 5)
    let build = try #require(lines.dropFirst().first)
    #expect(build.contains(/^build +[0-9a-f]{12}, (debug|release), \S+ \S+$/), "\(build)")
    let sets = InstructionSet.supported.map(\.rawValue).joined(separator: ", ")
    #expect(lines.contains { $0.hasPrefix("instruction sets ") && $0.hasSuffix(" \(sets)") }, "\(lines)")
    #expect(
      lines.contains {
        $0.contains(/^libraries +libpng \d+\.\d+.*, libjpeg\S* \d+.*, zlib \d+\.\d+.*, libyaml \d+\.\d+/)
      }, "\(lines)")
    #expect(lines.last?.contains("libwebp") == true && lines.last?.contains("libheif") == true, "\(lines)")
  }

  @Test func helpIsDataAndSaysTheExitCodes() throws {
    let result = try Tool.run(["--help"])
    #expect(result.status == 0)
    #expect(result.messages == "")
    for name in ["classify", "inspect", "convert", "preprocess", "run", "bench", "models", "Exit codes"] {
      #expect(result.output.contains(name))
    }
  }

  @Test(arguments: [
    (["clasify"], "'visionnet' has no subcommand 'clasify' (did you mean 'classify'?)"),
    (["clasify", "x.jpg"], "did you mean 'classify'?"),
    (["help", "trian"], "did you mean 'train'?"),
    (["xyzzyxyzzy"], "'visionnet --help' lists them"),
    (["dog.JPG"], "dog.JPG: a subcommand is missing (try: visionnet classify dog.JPG)"),
    (["/"], "/: a subcommand is missing (try: visionnet classify /, or: visionnet train /)"),
    (["models", "pul", "x"], "'visionnet models' has no subcommand 'pul' (did you mean 'pull'?)"),
  ])
  func anUnknownSubcommandIsWrongUsage(arguments: [String], message: String) throws {
    let result = try Tool.run(arguments)
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(result.messages.contains(message), "\(result.messages)")
  }

  @Test(arguments: [
    ["help", "train"], ["help", "models", "pull"], ["models", "--help"], ["--help"], ["help"],
  ])
  func helpIsFoundInEveryForm(arguments: [String]) throws {
    let result = try Tool.run(arguments)
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: visionnet"))
  }

  @Test func modelsAreListedFromAnEmptyCache() throws {
    let cache = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": cache.path]
    let text = try Tool.run(["models", "list"], environment: environment)
    #expect(text.status == 0)
    #expect(text.output.contains("efficientnet-lite0  classification  absent"))
    #expect(text.output.contains("ssd-mobilenetv2     detection       absent"))
    let json = try Tool.run(["models", "list", "--format", "json"], environment: environment)
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(list?.first?["name"] as? String == "efficientnet-lite0")
    #expect(try Tool.run(["models", "path", "efficientnet-lite0"], environment: environment).status == 66)
    #expect(try Tool.run(["models", "path", "nobody"], environment: environment).status == 66)
    #expect(try Tool.run(["models", "remove", "efficientnet-lite0"], environment: environment).status == 0)
    let offline = try Tool.run(
      ["models", "pull", "--offline", "efficientnet-lite0"], environment: environment)
    #expect(offline.status == 66)
    #expect(offline.messages.contains("pip"))
  }
}
