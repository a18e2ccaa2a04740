import Testing
import VisionNet

@testable import VisionNetCLI

@Suite struct ColorChoiceTests {
  @Test(arguments: [
    ([], ColorChoice.auto), (["--color", "always"], .always), (["--color=never", "x"], .never),
    (["--color", "always", "--color=never"], .never), (["--color"], .auto), (["--color", "red"], .auto),
    (["--", "--color=always"], .auto), (["--color=always", "--", "--color=never"], .always),
  ])
  func theLastOneCounts(_ arguments: [String], _ choice: ColorChoice) {
    #expect(ColorChoice.of(arguments) == choice)
  }

  @Test func severitiesHaveTheirWords() {
    #expect(Messages.line("error", color: nil, "no such file") == "error: no such file")
    #expect(Messages.line("note", color: 36, "x") == "\u{1b}[1;36mnote:\u{1b}[0m x")
  }

  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func colorsAreWrittenWhereAsked() throws {
    let plain = try Tool.run(["classify", "none.png", "--nonsense"])
    #expect(plain.status == 64 && plain.messages.hasPrefix("visionnet: error: unknown option '--nonsense'"))
    #expect(plain.messages.contains("\nUsage: visionnet classify "))
    let always = try Tool.run(["models", "path", "nobody", "--color", "always"])
    #expect(always.status == 66 && always.messages.hasPrefix("visionnet: \u{1b}[1;31merror:\u{1b}[0m "))
    let never = try Tool.run(["models", "path", "nobody", "--color", "never"])
    #expect(never.messages.hasPrefix("visionnet: error: "))
    #expect(try Tool.run(["models", "list", "--color", "red"]).status == 64)
  }
}
