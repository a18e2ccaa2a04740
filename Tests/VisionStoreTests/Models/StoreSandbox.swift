import Foundation
import VisionSystem
import VisionTensor

@testable import VisionStore

/// A store in a folder of its own, which goes away with this object.
final class StoreSandbox: Sendable {
  let root: String
  let fetcher = ScriptedFetcher()
  let store: PretrainedStore

  init(models: [PretrainedModel]? = nil, directory: String? = nil, freeBytes: Int? = nil) throws {
    root = NSTemporaryDirectory() + "visionnet-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    store = PretrainedStore(
      directory: directory ?? "\(root)/cache",
      manifest: try PretrainedManifest(models ?? [TinyWheel.model()]),
      fetcher: fetcher
    ) { _ in freeBytes }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Writes a file below the root and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = "\(root)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// An executable shell script.
  @discardableResult
  func script(_ text: String, _ name: String) throws -> String {
    try executable([UInt8]("#!/bin/sh\n\(text)\n".utf8), name)
  }

  /// An executable file of any bytes.
  func executable(_ bytes: [UInt8], _ name: String) throws -> String {
    let draft = try write(bytes, "\(name).draft")
    // Copied by another process: a program that is being started in a neighboring test inherits for a moment what
    // this process has open for writing, and a file that is open for writing cannot be started ("Text file busy").
    let copy = Process()
    copy.executableURL = URL(fileURLWithPath: "/bin/sh")
    copy.arguments = ["-c", "cp \"$1\" \"$2\" && chmod 755 \"$2\"", "sh", draft, "\(root)/\(name)"]
    try copy.run()
    copy.waitUntilExit()
    return "\(root)/\(name)"
  }

  func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// What lies in the cache but locks.
  var cached: [String] { CacheFolder.names(in: store.directory).filter { !$0.hasSuffix(".lock") } }
}

/// Delivers what a test tells it to, and counts how often it was asked.
final class ScriptedFetcher: WheelFetcher {
  typealias Action = @Sendable (_ folder: String) throws(StoreError) -> String

  private let state = Locked<(calls: Int, action: Action)>((0, ScriptedFetcher.delivering(TinyWheel.bytes)))

  var calls: Int { state.withLock { $0.calls } }

  func set(_ action: @escaping Action) { state.withLock { $0.action = action } }

  func fetch(_ wheel: Wheel, into folder: String, progress: (Int) -> Void) throws(StoreError) -> String {
    let action = state.withLock { state in
      state.calls += 1
      return state.action
    }
    let path = try action(folder)
    progress(CacheFolder.byteCount(below: folder))
    return path
  }

  static func delivering(_ bytes: [UInt8]) -> Action {
    { (folder) throws(StoreError) in
      let path = "\(folder)/\(TinyWheel.name)"
      try CacheFolder.write(bytes, to: path)
      return path
    }
  }
}

/// The error that `body` throws; nil when it throws none or another kind.
func storeError(_ body: () throws -> Void) -> StoreError? {
  do {
    try body()
    return nil
  } catch {
    return error as? StoreError
  }
}

func pause(milliseconds: Int) { Thread.sleep(forTimeInterval: Double(milliseconds) / 1000) }

/// Runs what blocks on a thread of its own, not on one of the few that tasks share.
func onAThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: body)) }
  }
}

/// A number that many threads count up.
final class Counter: Sendable {
  private let value = Locked(0)
  var count: Int { value.withLock { $0 } }
  func increment() { value.withLock { $0 += 1 } }
}
