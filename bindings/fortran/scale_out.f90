! Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
!
!     scale_out_fortran request.json
!     scale_out_fortran < request.json
program main
    use, intrinsic :: iso_fortran_env, only: error_unit
    use cs_scale_out_binding
    implicit none
    character(:), allocatable :: answer, task
    integer :: status

    call scale_out(read_request(), status, answer)
    if (status == 0) then
        call get(answer, '/task_id', task)
        if (allocated(task)) then
            print '(a)', 'task '//task
        else
            print '(a)', answer ! a dry run has no task
        end if
    else
        write (error_unit, '(a)') 'status: '//status_name(status)
        call print_member('message')
        call print_member('hint')
        call print_list('problems', 'path', 'message')
        call print_list('candidates', 'task_id', 'state')
    end if
    call print_list('warnings', 'path', 'message')
    stop -status, quiet=.true.

contains

    function read_request() result(request)
        character(:), allocatable :: request
        ! One over the library's limit of 1 MiB: enough for it to see that a document is longer.
        character(1048577), save :: buffer
        character(4096) :: name
        integer :: unit, failure, length
        call get_command_argument(1, name)
        if (name == '' .or. name == '-') name = '/dev/stdin'
        open (newunit=unit, file=trim(name), access='stream', action='read', status='old', iostat=failure)
        if (failure /= 0) then
            write (error_unit, '(a)') 'cannot read '//trim(name)
            stop 64, quiet=.true.
        end if
        do length = 0, len(buffer) - 1
            read (unit, iostat=failure) buffer(length + 1:length + 1)
            if (failure /= 0) exit
        end do
        request = buffer(:length)
        close (unit)
    end function

    subroutine print_member(member)
        character(*), intent(in) :: member
        character(:), allocatable :: value
        call get(answer, '/'//member, value)
        if (allocated(value)) write (error_unit, '(a)') member//': '//value
    end subroutine

    subroutine print_list(list, first, second)
        character(*), intent(in) :: list, first, second
        character(:), allocatable :: one, two
        character(64) :: place
        integer :: item
        do item = 0, huge(item) - 1
            write (place, '(a, i0, a)') '/'//list//'/', item, '/'
            call get(answer, trim(place)//first, one)
            if (.not. allocated(one)) return
            call get(answer, trim(place)//second, two)
            write (error_unit, '(a)') '  '//one//': '//two
        end do
    end subroutine
end program
