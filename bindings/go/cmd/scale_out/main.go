// Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
//
//	scale_out request.json
//	scale_out < request.json
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	csscaleout "cs_scale_out"
)

func read() ([]byte, error) {
	if len(os.Args) < 2 || os.Args[1] == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(os.Args[1])
}

func printList(document, list, first, second string) {
	for item := 0; ; item++ {
		one, found := csscaleout.Get(document, fmt.Sprintf("/%s/%d/%s", list, item, first))
		if !found {
			return
		}
		two, _ := csscaleout.Get(document, fmt.Sprintf("/%s/%d/%s", list, item, second))
		fmt.Fprintf(os.Stderr, "  %s: %s\n", one, two)
	}
}

func main() {
	log.SetFlags(0)
	request, err := read()
	if err != nil {
		log.Fatal(err)
	}
	status, answer, err := csscaleout.ScaleOut(string(request))
	if err != nil {
		log.Fatal(err)
	}

	if status == csscaleout.OK {
		if task, found := csscaleout.Get(answer, "/task_id"); found {
			fmt.Println("task", task)
		} else {
			fmt.Println(answer) // a dry run has no task
		}
	} else {
		fmt.Fprintln(os.Stderr, "status:", status)
		for _, member := range []string{"message", "hint"} {
			if value, found := csscaleout.Get(answer, "/"+member); found {
				fmt.Fprintf(os.Stderr, "%s: %s\n", member, value)
			}
		}
		printList(answer, "problems", "path", "message")
		printList(answer, "candidates", "task_id", "state")
	}
	printList(answer, "warnings", "path", "message")
	os.Exit(-int(status))
}
