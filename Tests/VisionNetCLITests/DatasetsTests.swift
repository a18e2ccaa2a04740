import VisionStore
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct DatasetsTests {
  @Test func theManifestInTheRepositoryIsWhatTheBinaryKnows() throws {
    let file = #filePath.components(separatedBy: "/Tests/")[0] + "/datasets/manifest.json"
    let listed = try Tool.run(["datasets", "list", "--format", "json"])
    #expect(listed.status == 0)
    // `visionnet datasets list --format json > datasets/manifest.json` renews it.
    #expect(try listed.output == String(contentsOfFile: file, encoding: .utf8))
    let list = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]]
    #expect(list?.compactMap { $0["name"] as? String } == DatasetManifest.builtIn.datasets.map(\.name))
  }

  @Test func setsAreListed() throws {
    let text = try Tool.run(["datasets"])
    #expect(text.status == 0)
    #expect(text.lines.count == DatasetManifest.builtIn.datasets.count + 1)
    #expect(text.output.contains("apt: dataset-fashion-mnist"))
  }

  @Test func shapesAreDrawnWithoutNetworkOrTools() throws {
    let folder = try TemporaryFolder()
    let environment = ["PATH": "/nonexistent", "HOME": folder.path]
    let result = try Tool.run(
      ["datasets", "pull", "shapes", "-o", folder.file("s"), "--quiet"], environment: environment)
    #expect(result.status == 0 && result.messages == "" && result.lines == [folder.file("s")])
    let images = try ImageFolder(folder.file("s"))
    #expect(images.training.count == 480 && images.validation.count == 120)
    #expect(images.split == .given && images.notes.isEmpty)
    #expect(try Image(contentsOf: images.training[77].path).width == 64)
    // Again: at once, and with a word.
    let again = try Tool.run(
      ["datasets", "pull", "shapes", "-o", folder.file("s")], environment: environment)
    #expect(again.status == 0 && again.messages.contains("now: visionnet train"))
  }

  @Test func errorsHaveTheirCodes() throws {
    let folder = try TemporaryFolder()
    try folder.write("mine", to: "full/file")
    func status(_ arguments: String...) throws -> Int32 {
      try Tool.run(["datasets", "pull"] + arguments, environment: ["PATH": "/nonexistent"]).status
    }
    #expect(try status("nonsense", "-o", folder.file("x")) == 66)
    #expect(try status("shapes", "-o", folder.file("full")) == 74)
    #expect(try status("shapes", "-o", "") == 64)
    #expect(try status("shapes", "--from", "x", "-o", folder.file("x")) == 64)
    #expect(try status("iris", "-o", folder.file("x")) == 1)
    #expect(try status("iris", "--from", folder.file("none"), "-o", folder.file("x")) == 66)
  }
}
