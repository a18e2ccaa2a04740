import Testing

@testable import VisionNetCLI

@Suite struct OutputNamesTests {
  @Test func namesStayInTheFolder() throws {
    let names = try OutputNames(
      ["logits", "../../etc/x", "/root", "a\nb", "", "..", String(repeating: "é", count: 400)], in: "out")
    for (_, path) in names.paths {
      let file = path.dropFirst("out/".count)
      #expect(path.hasPrefix("out/") && path.hasSuffix(".npy"))
      #expect(!file.contains("/") && !file.hasPrefix(".") && file.utf8.count <= 204)
    }
    #expect(names.paths[0].path == "out/logits.npy")
  }

  @Test func noOutputHidesAnother() {
    #expect(throws: CommandError.self) { try OutputNames(["a/b", "a_b"], in: "out") }
  }
}
