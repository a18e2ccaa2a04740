import Foundation
import Testing

/// What docs/style.md asks for, as far as a test can tell.
struct StyleTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A command, its flags and its subcommands, as `--experimental-dump-help` tells them.
  private struct Command: Decodable {
    struct Name: Decodable { let name: String }
    struct Argument: Decodable {
      let kind: String
      let abstract: String?
      let valueName: String
      let names: [Name]?
      let shouldDisplay: Bool

      func isNamed(_ name: String) -> Bool { names?.contains { $0.name == name } == true }
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// This command and all below it, with their whole names.
    func all(_ path: String = "") -> [(path: String, command: Command)] {
      let own = path.isEmpty ? commandName : "\(path) \(commandName)"
      return [(own, self)] + (subcommands ?? []).flatMap { $0.all(own) }
    }
  }

  private struct Dump: Decodable { let command: Command }

  /// All commands but `help` and `serve`, whose flags are another program's.
  private static func commands() throws -> [(path: String, command: Command)] {
    let text = try Tool.run(["--experimental-dump-help"]).output
    return try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command.all().filter {
      !["help", "serve"].contains($0.command.commandName)
    }
  }

  /// Words that another one stands for, and the files in which they are names that others chose.
  private static let words = [
    "picture", "grey", "colour", "licence", "labelled", "normalis", "optimis", "initialis", "behaviour",
    "set of data", "leave it away", "leave them away", "leave one of them away", " one a line", " one a core",
  ]
  private static let exempt = [
    "TableTitles.swift", "DataPart.swift", "SuspectName.swift", "ImageLedger.swift", "ModelMetadata.swift",
    "Model+Quantization.swift", "ChannelOrder+Decoding.swift",
  ]

  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func helpIsWrittenAlike() throws {
    let commands = try Self.commands()
    #expect(commands.count > 25)
    for (path, command) in commands {
      let abstract = command.abstract ?? ""
      #expect(abstract.first?.isUppercase == true && abstract.hasSuffix("."), "\(path): \(abstract)")
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        let text = argument.abstract ?? ""
        let place = "\(path) \(argument.names?.last?.name ?? argument.valueName): \(text)"
        #expect(text.first.map { $0.isUppercase || $0 == "-" } == true, "\(place)")
        #expect(text.hasSuffix(".") || text.hasSuffix(")"), "\(place)")
      }
      let all = ([abstract, command.discussion ?? ""] + (command.arguments ?? []).map { $0.abstract ?? "" })
        .joined(separator: " ").lowercased()
      for word in Self.words { #expect(!all.contains(word), "\(path): \(word)") }
    }
  }

  /// `-q`, `-v` and `--color` are taken by every command that does something, and `--format` by those that print results.
  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func everyCommandTakesTheSameFlags() throws {
    // What is printed is a file's text, or nothing.
    let printsNoRecord = ["visionnet preprocessing show", "visionnet models remove"]
    for (path, command) in try Self.commands() where (command.subcommands ?? []).isEmpty {
      let flags = (command.arguments ?? []).filter(\.shouldDisplay)
      for name in ["quiet", "verbose", "color"] + (printsNoRecord.contains(path) ? [] : ["format"]) {
        #expect(flags.contains { $0.isNamed(name) }, "\(path) lacks --\(name)")
      }
      // What writes to a file that its caller names asks before it overwrites one; folders are made anew.
      let isFolder = ["visionnet train", "visionnet datasets pull", "visionnet annotations convert"]
      if flags.contains(where: { $0.isNamed("output") }), !isFolder.contains(path) {
        #expect(flags.contains { $0.isNamed("force") }, "\(path) lacks --force")
      }
    }
  }

  /// Former names still work and are not shown.
  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func formerNamesAreHidden() throws {
    let commands = Dictionary(
      uniqueKeysWithValues: try Self.commands().map { ($0.path, $0.command.arguments ?? []) })
    for (path, name) in [
      ("quantize", "json"), ("bench", "json"), ("bench", "worker"), ("classify", "fail-on-error"),
      ("doctor", "strict"),
    ] {
      let flags = try #require(commands["visionnet \(path)"])
      #expect(!flags.contains { $0.isNamed(name) && $0.shouldDisplay }, "\(path) --\(name)")
      #expect(!(try Tool.run([path, "--\(name)", "--help"]).messages.contains("unknown option")))
    }
  }

  /// No text of the program has a word that another one stands for.
  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func stringsHaveTheWordsOfTheStylePage() throws {
    let pattern = Self.words.joined(separator: "|")
    let found = try Tool.shell(
      "cd '\(Self.root.path)' && grep -rniE --include=*.swift '\(pattern)' Sources",
      environment: ["LC_ALL": "C"])
    // Keys of files that others read are among them.
    #expect(found.status == 0 && found.lines.count > 5)
    for line in found.lines {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, !Self.exempt.contains(where: { parts[0].hasSuffix("/\($0)") }) else { continue }
      let code = parts[2].trimmingCharacters(in: .whitespaces)
      if code.hasPrefix("//") { continue }
      for word in Self.words {
        guard let place = code.range(of: word, options: .caseInsensitive) else { continue }
        let before = code[..<place.lowerBound]
        // Within quotation marks, and not the name of a variable put in.
        let isText = before.filter { $0 == "\"" }.count % 2 == 1 && !before.hasSuffix("\\(")
        #expect(!isText, "\(line)")
      }
    }
  }

  /// Links of all pages lead somewhere, and the commands that they show exist with their flags.
  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func pagesNameWhatIsThere() throws {
    let result = try Tool.shell(
      "python3 '\(Self.root.path)/scripts/check-docs' --no-run --no-swift \"$VISIONNET\"")
    #expect(result.status == 0, "\(result.output)\(result.messages)")
  }

  /// The manual page and the completions that scripts/install writes.
  @Test(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
  func theManualAndTheCompletionsAreMade() throws {
    let folder = try TemporaryFolder()
    let script =
      "set -eu; . '\(Self.root.path)/scripts/lib.sh'; put_extras \"$VISIONNET\" visionnet \"$SHARE\""
    let made = try Tool.shell(
      "bash -c '\(script.replacingOccurrences(of: "'", with: "'\\''"))'",
      environment: ["SHARE": folder.path])
    #expect(made.status == 0, "\(made.messages)")
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }
    for (name, shell) in [
      ("bash-completion/completions/visionnet", "bash"), ("zsh/site-functions/_visionnet", "zsh"),
      ("fish/vendor_completions.d/visionnet.fish", "fish"),
    ] {
      let completions = try text(name)
      #expect(completions.contains("classify") && completions.contains("color"), "\(shell)")
      #expect(!completions.contains("--worker"), "\(shell)")
    }
    let page = try Tool.shell(
      "gzip -dc \"$SHARE/man/man1/visionnet.1.gz\"", environment: ["SHARE": folder.path])
    #expect(page.status == 0, "\(page.messages)")
    #expect(page.output.hasPrefix(".TH VISIONNET 1 ") && page.output.contains(".SH \"VISIONNET CLASSIFY\""))
    #expect(page.output.contains("\\-\\-color"))
  }
}
