import Foundation
import Testing

/// The scripts that need neither a build nor other engines.
@Suite struct ScriptsTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private func run(_ arguments: [String], environment: [String: String] = [:]) throws
    -> (status: Int32, output: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A script that hangs must not hold up everything that waits for the tests.
    process.arguments = ["timeout", "-k", "1", "60"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test func aCommandBesideALoadKeepsItsStatusAndTheLoadEnds() throws {
    // The command names the processes of its parent: itself, and as many busy loops as were wanted.
    let script = "ps -o pid= --ppid $PPID; exit 7"
    let result = try run(
      ["\(Self.root)/scripts/with-load", "sh", "-c", script], environment: ["LOAD": "2"])
    #expect(result.status == 7)
    let processes = result.output.split(separator: "\n").compactMap {
      Int32($0.trimmingCharacters(in: .whitespaces))
    }
    #expect(processes.count == 3)
    for process in processes { #expect(kill(process, 0) != 0, "\(process) is still there") }
    #expect(try run(["\(Self.root)/scripts/with-load"]).status == 64)
    #expect(try run(["\(Self.root)/scripts/with-load", "true"], environment: ["LOAD": "x"]).status == 64)
  }

  @Test func ratiosAreThoseToTheBestPeer() throws {
    let folder = try TemporaryFolder()
    let rows = [
      ("a", 1, "visionnet", 4.0), ("a", 1, "ort", 6.0), ("a", 1, "openvino", 5.0), ("b", 1, "ort", 3.2),
      ("b", 1, "visionnet", 4.0), ("c", 16, "ort", 1.0),
    ]
    func write(_ factor: Double, _ name: String) throws {
      let lines = rows.map { model, batch, engine, ms in
        #"{"model": "\#(model)", "batch": \#(batch), "threads": 2, "engine": "\#(engine)", "#
          + #""ms": \#(engine == "visionnet" ? ms * factor : ms * 2), "relerr": 1e-6}"#
      }
      try folder.write(lines.joined(separator: "\n"), to: name)
    }
    try write(1, "quiet")
    // Peers twice as slow in both files: only ours changes.
    try write(3, "loaded")
    let script = "\(Self.root)/Benchmarks/Peers/ratios.py"
    let quiet = try run(["python3", script, folder.file("quiet"), "--intro", "Today.", "--command", "it"])
    #expect(quiet.status == 0)
    #expect(quiet.output.hasPrefix("Today.\n"))
    #expect(
      quiet.output.contains("| a | 1 | 2 | 4.00 | OpenVINO 10.00 | 2.50 | ONNX Runtime 12.00 | 1.0e-06 |"))
    #expect(quiet.output.contains("| b | 1 | 2 | 4.00 | ONNX Runtime 6.40 | 1.60 | – | 1.0e-06 |"))
    #expect(quiet.output.contains("| c | 16 | 2 | failed: ort ran"))
    // √(2.5 · 1.6)
    #expect(
      quiet.output.contains("ahead in 2 of 2 cells; geometric mean of peer / VisionNet 2.00: a 2.50, b 1.60.")
    )
    #expect(quiet.output.contains("$ it"))
    let loaded = try run(["python3", script, folder.file("quiet"), "--loaded", folder.file("loaded")])
    #expect(loaded.status == 0)
    #expect(
      loaded.output.contains(
        "| a | 1 | 2 | 4.00 → 12.00 | 3.00 | OpenVINO 10.00 → 10.00 | 1.00 | OpenVINO 0.83 |"))
  }
}
