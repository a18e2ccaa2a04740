import Foundation
import Testing

/// A folder of kernels includes itself, `shared/` and `include/`. Only `isa/` includes the templates of all folders, since it
/// compiles them for each instruction set.
@Suite struct KernelFolderTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/CVisionKernels")

  /// The folders named by the inclusions `"../folder/file"` of a text.
  private static func folders(includedBy text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard parts.count > 1, parts[0] == "#include " else { return nil }
      return parts[1].split(separator: "/").first { $0 != ".." }.flatMap { first in
        parts[1].hasPrefix("../") ? String(first) : nil
      }
    }
  }

  @Test func foldersIncludeThemselvesAndWhatIsShared() throws {
    let files = try #require(FileManager.default.enumerator(atPath: Self.sources.path))
    var count = 0
    for case let name as String in files where name.hasSuffix(".c") || name.hasSuffix(".h") {
      let parts = name.split(separator: "/").map(String.init)
      guard parts.count > 1 else {
        Issue.record("Sources/CVisionKernels/\(name) lies in no folder")
        continue
      }
      let text = try String(contentsOf: Self.sources.appendingPathComponent(name), encoding: .utf8)
      count += 1
      for folder in Self.folders(includedBy: text) where folder != parts[0] && folder != "shared" {
        #expect(parts[0] == "isa", "Sources/CVisionKernels/\(name) includes \(folder)/")
      }
    }
    #expect(count > 60)
  }

  @Test func inclusionsAreFound() {
    #expect(
      Self.folders(includedBy: "#include \"../gemm/a.h\"\n#include \"b.h\"\n#include <c.h>") == ["gemm"])
    #expect(Self.folders(includedBy: "#include \"../../shared/template/a.h\"") == ["shared"])
  }
}
