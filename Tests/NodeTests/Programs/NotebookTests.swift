import Glibc
import Model
import Telemetry
import TestKit
import Testing
import Transport
import Wire

@testable import Node

@Suite("The notebook collector")
struct NotebookTests {
    private static let tools =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        + "/.build/notebooks/bin"

    private static let python = """
        # %% tags=["parameters"]
        name = "nobody"
        count = 1
        # %%
        import scrapbook
        scrapbook.glue("greeting", "hello " + name)
        scrapbook.glue("numbers", list(range(count)))
        """

    private func collect(
        _ notebook: CollectorSettings.Notebook, _ options: [String: String] = [:]
    ) async throws -> (items: [CollectedItem], result: CollectionResult) {
        var settings = CollectorSettings()
        settings.notebooks["report"] = notebook
        let bench = try Bench(settings: settings)
        var assignment = Proto.Assignment(lease: 1, type: "notebook", location: "report")
        for (key, value) in options { assignment.metadata["collect." + key] = value }
        let outcome = await bench.collect(assignment)
        await bench.close()
        bench.loop.stop()
        return outcome
    }

    private func notebook(_ path: String) throws -> CollectorSettings.Notebook {
        let tools = NotebookTests.tools
        try #require(
            access(tools + "/papermill", X_OK) == 0,
            "the tools that run notebooks are not installed; run ./scripts/notebook-tools, which needs PyPI")
        var notebook = CollectorSettings.Notebook(path: path)
        notebook.papermill = tools + "/papermill"
        notebook.jupytext = tools + "/jupytext"
        notebook.environment = ["PATH": "\(tools):/usr/bin:/bin"]
        notebook.limits.memory = 16 << 30
        return notebook
    }

    @Test("a notebook kept as Python runs with the target's parameters, and its scraps become artifacts")
    func papermill() async throws {
        let directory = TemporaryDirectory()
        let notebook = try notebook(directory.write(NotebookTests.python, to: "report.py"))
        let options = ["parameter.name": "you", "parameter.count": "3"]
        let (items, result) = try await collect(notebook, options)
        #expect(result == CollectionResult(.collected))
        #expect(
            items.artifacts.map(\.rawSource) == [
                "notebook:report", "notebook:report#greeting", "notebook:report#numbers",
            ])
        #expect(items.texts.dropFirst() == ["hello you", "[0,1,2]"])
        #expect(items.artifacts.map(\.contentType) == ["json", "text", "json"])
    }

    @Test("a notebook that fails is the target's failure, with its last words")
    func failing() async throws {
        let directory = TemporaryDirectory()
        let notebook = try notebook(directory.write("# %%\nraise ValueError(\"no luck\")\n", to: "report.py"))
        let (items, result) = try await collect(notebook)
        #expect(items.isEmpty)
        #expect(result.kind == .failedTarget)
        #expect(result.error.hasPrefix("papermill of report exited with 1: "))
    }

    @Test("absent tools, notebooks and odd parameters are told in words")
    func missing() async throws {
        var notebook = CollectorSettings.Notebook(path: "/no/such.ipynb")
        notebook.papermill = "/no/such/papermill"
        #expect(
            try await collect(notebook).result
                == CollectionResult(
                    .failedNode,
                    error: "/no/such/papermill is not there; install papermill, or name where it is in "
                        + "--collectors FILE"))
        notebook.papermill = "/bin/true"
        #expect(
            try await collect(notebook).result.error.hasPrefix("the executed notebook report is missing, or larger"))
        #expect(
            try await collect(notebook, ["parameter.a-b": "1"]).result.error
                == "metadata collect.parameter.a-b is \"1\"; give a name of letters, digits and _")
    }

    @Test("scraps are found in the outputs of cells, and nothing else is one")
    func scraps() throws {
        let json = try #require(
            JSONValue(
                Array(
                    """
                    {"cells": [{"outputs": [{"data": {"text/plain": "x",
                    "application/scrapbook.scrap.text+json": {"name": "a", "data": "b"}}},
                    {"data": {"application/scrapbook.scrap.json+json": {"name": "c", "data": {"d": 1}}}},
                    {"data": {"application/scrapbook.scrap.json+json": {"data": 1}}}]}, {"source": []}]}
                    """.utf8)))
        #expect(
            NotebookScrap.all(in: json) == [
                NotebookScrap(name: "a", kind: .text, content: Array("b".utf8)),
                NotebookScrap(name: "c", kind: .json, content: Array("{\"d\":1}".utf8)),
            ])
    }
}
