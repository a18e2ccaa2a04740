import ArgumentParser
import VisionService
import VisionSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `visionnet serve`: answers images over HTTP.
@main struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visionnet-serve",
    abstract: "Answer images over HTTP, and show a page to try it.",
    discussion: """
      Without models, efficientnet-lite0 classifies, ssd-mobilenetv2 finds objects and yunet faces; each is read, and \
      downloaded if it is not there, when it is first asked for.

      The page is at /, the description for programs at /openapi.json. It listens on this machine only, unless \
      --host says otherwise; docs/reference/service.md says how others are let in by a reverse proxy.

      SIGTERM and Ctrl-C end it after every accepted request is answered. No image is kept or logged.
      """)

  @Argument(
    help: "Folders of runs, each with a model to try and the report of its training, at /report/NAME.",
    completion: .directory)
  var runs: [String] = []

  @Option(
    name: .shortAndLong,
    help: "A pretrained model or a model file, as NAME=FILE to give it a name; several are possible.",
    completion: .file())
  var model: [String] = []

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port; 0 lets the system choose.")
  var port = 8080

  @Option(help: "Images that are answered at a time. (default: one per core)")
  var workers: Int?

  @Option(help: "Threads that compute one image; with --workers 1 the fastest for one client.")
  var threads = 1

  @OptionGroup var limits: LimitFlags

  @Option(
    help: "A file whose first line is the token that requests must carry: Authorization: Bearer TOKEN.",
    completion: .file())
  var token: String?

  @Option(
    help: "An origin whose pages may ask, such as https://example.com, or * for all; several are possible.")
  var cors: [String] = []

  @Option(help: "Seconds between looks for changed model files; 0 never looks.")
  var reload = 1.0

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Flag(name: .shortAndLong, help: "Hide notes.")
  var quiet = false

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535") }
    for (name, value) in [("--workers", workers ?? 1), ("--threads", threads)] {
      guard (1...1024).contains(value) else { throw ValidationError("\(name) must be from 1 to 1024") }
    }
    guard reload.isFinite, (0...86_400).contains(reload) else {
      throw ValidationError("--reload must be from 0 to 86400")
    }
    let names = sources.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("two models are called \(twice): give one another name, NAME=FILE")
    }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    var settings = ServiceSettings(models: sources.isEmpty ? ModelSource.standard : sources)
    (settings.address.host, settings.address.port) = (host, port)
    (settings.workers, settings.threads) = (workers ?? VisionService.availableThreads, threads)
    limits.apply(to: &settings)
    settings.access.token = try token.map { try Self.token(in: $0) }
    settings.access.origins = cors
    (settings.reloadSeconds, settings.offline) = (reload, offline)
    let (host, quiet) = (host, quiet)
    do {
      try await VisionService(settings).run { text in
        if !quiet { Self.say(text) }
      } ready: { port in
        if !quiet { Self.say("listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port)/") }
      }
    } catch {
      Self.say("\(error)")
      throw ExitCode(VisionService.exitCode(for: error))
    }
  }

  private var sources: [ModelSource] { (runs + model).map { ModelSource(argument: $0) } }

  private static func token(in path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      say("\(path): the token's file cannot be read")
      throw ExitCode(66)
    }
    let line =
      String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).first
      ?? ""
    let token = line.filter { $0 != "\r" }
    guard token.count >= 16, token.unicodeScalars.allSatisfy({ (0x21...0x7e).contains($0.value) }) else {
      say(
        "\(path): a token needs at least 16 characters of ASCII without spaces (openssl rand -hex 32 makes one)"
      )
      throw ExitCode(65)
    }
    return String(token)
  }

  private static func say(_ text: String) {
    var line = "visionnet serve: \(text)\n"
    line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}
