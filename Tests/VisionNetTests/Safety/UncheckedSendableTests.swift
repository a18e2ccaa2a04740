import Foundation
import Testing

/// What the compiler is told to believe about threads is justified where it is told so.
@Suite struct UncheckedSendableTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  private static let claims = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency import"]

  /// The lines that claim something without a comment right above; that of documentation says what a thing is for.
  private static func unjustified(_ text: String) -> [Int] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    func isClaim(_ line: String) -> Bool {
      !line.hasPrefix("//") && claims.contains { line.contains($0) }
    }
    return lines.indices.filter { index in
      guard isClaim(lines[index]) else { return false }
      var above = index - 1
      // Attributes, and claims that one comment justifies together.
      while above >= 0, lines[above].hasPrefix("@") || isClaim(lines[above]) { above -= 1 }
      return above < 0 || !lines[above].hasPrefix("//") || lines[above].hasPrefix("///")
    }.map { $0 + 1 }
  }

  @Test func everyClaimIsJustified() throws {
    let files = try #require(FileManager.default.enumerator(atPath: Self.sources.path))
    var (claims, count) = (0, 0)
    for case let name as String in files where name.hasSuffix(".swift") {
      let text = try String(
        contentsOf: Self.sources.appendingPathComponent(name), encoding: .utf8)
      count += 1
      if Self.claims.contains(where: text.contains) { claims += 1 }
      for line in Self.unjustified(text) {
        Issue.record("Sources/\(name):\(line) says that it is safe on several threads, but not why")
      }
    }
    #expect(count > 300 && claims > 10)
  }

  @Test func whatIsNotJustifiedIsFound() {
    #expect(Self.unjustified("// Only read.\nnonisolated(unsafe) let a = b") == [])
    #expect(
      Self.unjustified("// Only read.\nnonisolated(unsafe) let a = b\nnonisolated(unsafe) let c = d") == [])
    #expect(Self.unjustified("let x = 1\n  nonisolated(unsafe) let a = b") == [2])
    #expect(Self.unjustified("/// A lock.\nfinal class A: @unchecked Sendable {}") == [2])
    #expect(Self.unjustified("/// A lock.\n// By its mutex.\nfinal class A: @unchecked Sendable {}") == [])
    #expect(Self.unjustified("// @unchecked Sendable would be wrong.\nfinal class A {}") == [])
  }
}
